import { afterAll, beforeAll, describe, expect } from 'vitest';
import { GenericContainer, Wait } from 'testcontainers';
import { requireOrSkip } from '../support/require.ts';
import { canRunEngine, type DockerEngine, startDockerEngine } from './docker-engine.ts';
import { buildImages, hasNativeTensorFlow, imageOf, type Target } from './images.ts';
import { token, trainInContainers, trainLocally } from './training.ts';

const canRun = canRunEngine();
const isNative = canRun && hasNativeTensorFlow();
const testContainer = requireOrSkip('root and apt-get, for a Docker engine', canRun);
const testNative = requireOrSkip(
  'a Docker engine and native TensorFlow (paceline setup)',
  isNative,
);

const steps = 60;
let engine: DockerEngine;

beforeAll(async () => {
  if (!canRun) return;
  engine = await startDockerEngine();
  process.env['DOCKER_HOST'] = engine.host;
  // Where the machine is itself a container, testcontainers would ask a gateway that there is not.
  process.env['TESTCONTAINERS_HOST_OVERRIDE'] = 'localhost';
  // Testcontainers' own janitor would be pulled from a registry; the engine ends with the test instead.
  process.env['TESTCONTAINERS_RYUK_DISABLED'] = 'true';
  await buildImages(engine, ['server', 'worker-wasm', ...(isNative ? (['worker'] as const) : [])]);
});

afterAll(async () => {
  if (canRun) await engine.stop();
});

describe('an image', () => {
  testContainer('runs as the user 1000, and the server has nothing of TensorFlow', async () => {
    const script = 'id -u; find /app -iname "*tfjs*" -o -iname "*libtensorflow*"';
    const args = ['run', '--rm', '--network=none', '--entrypoint=sh'];
    const look = (target: Target) => engine.docker([...args, imageOf(target), '-c', script]);
    expect((await look('server')).trim()).toBe('1000');
    expect(await look('worker-wasm')).toMatch(/^1000\n[^]*tfjs-backend-wasm/);
  });

  testContainer('ends on SIGTERM, which node hears as process 1', async () => {
    const server = await new GenericContainer(imageOf('server'))
      .withEnvironment(token)
      .withCommand(['mnist-mlp', '--json'])
      .withWaitStrategy(Wait.forLogMessage(/"event":"started"/))
      .start();
    expect(await stop(server.getId())).toBe(143);
    const worker = await new GenericContainer(imageOf('worker-wasm'))
      .withCommand(['ws://127.0.0.1:9'])
      .withWaitStrategy(Wait.forLogMessage(/waiting for the server/))
      .start();
    expect(await stop(worker.getId())).toBe(0);
  });
});

/** Stops a container with much time to end by itself; SIGKILL after that would show as 137. */
const stop = async (id: string): Promise<number> => {
  await engine.docker(['stop', '--time', '30', id]);
  return Number(await engine.docker(['inspect', '--format', '{{.State.ExitCode}}', id]));
};

describe('a server and two workers in containers arrive at the weights of a local run', () => {
  testContainer('on WebAssembly', () => compare('worker-wasm', 'wasm'));
  testNative('on native TensorFlow', () => compare('worker', 'tensorflow'));
});

const compare = async (worker: Target, backend: 'wasm' | 'tensorflow'): Promise<void> => {
  const options = { backend, steps, folder: engine.folder };
  const local = await trainLocally(options);
  const contained = await trainInContainers(engine, worker, options);
  expect(local.end).toMatchObject({ status: 'finished', steps });
  expect(contained.end).toMatchObject({
    status: 'finished',
    steps,
    weightsSha256: local.end['weightsSha256'],
  });
  expect(new Set(contained.workers).size).toBe(2);
  // What the user finds on the host.
  expect(contained.weights.equals(local.weights)).toBe(true);
};
