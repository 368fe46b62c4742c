import { describe, expect } from 'vitest';
import { GenericContainer, Wait } from 'testcontainers';
import { imageOf, type Target } from './images/images.ts';
import { sharedEngine, testContainer, testNative } from './shared-engine.ts';
import { token, trainInContainers, trainLocally } from './training.ts';

const steps = 60;

describe('an image', () => {
  testContainer('runs as the user 1000, and the server has nothing of TensorFlow', async () => {
    const script = 'id -u; find /app -iname "*tfjs*" -o -iname "*libtensorflow*"';
    const args = ['run', '--rm', '--network=none', '--entrypoint=sh'];
    const look = (target: Target) =>
      sharedEngine().docker([...args, imageOf(target), '-c', script]);
    expect((await look('server')).trim()).toBe('1000');
    expect(await look('worker-wasm')).toMatch(/^1000\n[^]*tfjs-backend-wasm/);
  });

  testContainer('ends on SIGTERM, which node hears as process 1', async () => {
    await using server = await new GenericContainer(imageOf('server'))
      .withEnvironment(token)
      .withCommand(['mnist-mlp', '--json'])
      .withWaitStrategy(Wait.forLogMessage(/"event":"started"/))
      .start();
    expect(await stop(server.getId())).toBe(143);
    await using worker = await new GenericContainer(imageOf('worker-wasm'))
      .withCommand(['ws://127.0.0.1:9'])
      .withWaitStrategy(Wait.forLogMessage(/waiting for the server/))
      .start();
    expect(await stop(worker.getId())).toBe(0);
  });
});

/** Stops a container with much time to end by itself; SIGKILL after that would show as 137. */
const stop = async (id: string): Promise<number> => {
  const { docker } = sharedEngine();
  await docker(['stop', '--time', '30', id]);
  return Number(await docker(['inspect', '--format', '{{.State.ExitCode}}', id]));
};

describe('a server and two workers in containers arrive at the weights of a local run', () => {
  testContainer('on WebAssembly', () => compare('worker-wasm', 'wasm'));
  testNative('on native TensorFlow', () => compare('worker', 'tensorflow'));
});

const compare = async (worker: Target, backend: 'wasm' | 'tensorflow'): Promise<void> => {
  const engine = sharedEngine();
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
