import { inject } from 'vitest';
import { requireOrSkip } from '../support/require.ts';
import { type DockerEngine, engineAt } from './engine/engine.ts';
import { hasNativeTensorFlow } from './images/images.ts';

const place = inject('engine');

/** Whether there is an engine: without, every test of it is skipped or fails by itself. */
export const hasEngine: boolean = place !== undefined;

if (place !== undefined) {
  process.env['DOCKER_HOST'] = place.host;
  // Where the machine is itself a container, testcontainers would ask a gateway that there is not.
  process.env['TESTCONTAINERS_HOST_OVERRIDE'] = 'localhost';
  // Testcontainers' own janitor would be pulled from a registry; the set-up looks for what is left instead.
  process.env['TESTCONTAINERS_RYUK_DISABLED'] = 'true';
}

/** Declares a test that needs a Docker engine. */
export const testContainer = requireOrSkip(
  'root and apt-get, for a Docker engine',
  place !== undefined,
);

/** Declares a test that needs an engine with the image of the native worker. */
export const testNative = requireOrSkip(
  'a Docker engine and native TensorFlow (paceline setup)',
  place !== undefined && hasNativeTensorFlow(),
);

/** The engine of the set-up, which testcontainers uses too. To be asked in a test: elsewhere there may be none. */
export const sharedEngine = (): DockerEngine => {
  if (place === undefined) throw new Error('there is no Docker engine');
  return engineAt(place);
};
