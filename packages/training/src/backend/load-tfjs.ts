import { createRequire } from 'node:module';

import type { TensorFlow } from './interface.ts';
import { BackendError } from './errors.ts';

/**
 * Loads a CommonJS package as this package sees it.
 *
 * tfjs-node requires `@tensorflow/tfjs`, so all of us must: the ES module build is a second copy of
 * the engine, with registries of its own.
 */
export const requireHere: NodeJS.Require = createRequire(import.meta.url);

/** TensorFlow.js itself, with the cpu backend and layers. Takes 0.2 s, the first time. */
export function loadTensorFlowJs(): TensorFlow {
  return requireHere('@tensorflow/tfjs') as TensorFlow;
}

/** Makes `name` the backend in effect; throws a BackendError when TensorFlow.js cannot. */
export async function useBackend(tf: TensorFlow, name: string): Promise<void> {
  if (!(await tf.setBackend(name))) {
    throw new BackendError('unavailable', name, 'TensorFlow.js could not initialise it');
  }
}

/** V8's version as it matters for bits: its Math functions change between such versions. */
export function v8Version(): string {
  return process.versions.v8.split('.').slice(0, 2).join('.');
}
