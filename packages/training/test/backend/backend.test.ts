import { createRequire } from 'node:module';
import { describe, expect, test, vi } from 'vitest';

import { openBackend } from '../../src/backend/backend.ts';
import { describeEachBackend } from '../gradients/each-backend.ts';

const allBackends = ['cpu', 'wasm', 'tensorflow'] as const;

describe('an opened backend', () => {
  describeEachBackend(allBackends, ({ name, backend, test }) => {
    test('is the one in effect, on the only engine there is', () => {
      const { tf } = backend();
      const core = createRequire(import.meta.url)('@tensorflow/tfjs-core') as typeof tf;
      expect(backend().name).toBe(name);
      expect(tf.getBackend()).toBe(name);
      expect(core.engine()).toBe(tf.engine());
    });

    test('has a fingerprint that tells what decides its bits', () => {
      const pattern = {
        cpu: /^cpu 4\.22\.0, V8 \d+\.\d+, \w+$/u,
        wasm: /^wasm 4\.22\.0, V8 \d+\.\d+$/u,
        tensorflow: /^tensorflow \d+\.\d+\.\d+, (x64|arm64)[ \w]*, oneDNN (on|off), 1 thread$/u,
      }[name];
      expect(backend().fingerprint).toMatch(pattern);
      expect(backend().level).toBe(name === 'wasm' ? 'portable' : 'machine');
    });

    test('makes a tensor from a part of shared memory', () => {
      const { tf, fromFlat } = backend();
      const memory = new Float32Array(new SharedArrayBuffer(32)).map((_, i) => i);
      const shared = new Float32Array(new SharedArrayBuffer(32));
      shared.set(memory);
      const before = tf.memory().numTensors;
      const tensor = fromFlat(shared.subarray(2, 8), [2, 3]);
      const doubled = tf.mul(tensor, 2);
      expect(tensor.shape).toEqual([2, 3]);
      expect(Array.from(doubled.dataSync())).toEqual([4, 6, 8, 10, 12, 14]);
      // Used once, no backend looks at the memory again.
      shared.fill(0);
      expect(Array.from(tensor.dataSync())).toEqual([2, 3, 4, 5, 6, 7]);
      expect(Array.from(shared)).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
      tf.dispose([tensor, doubled]);
      expect(tf.memory().numTensors).toBe(before);
    });

    test('may be opened again', async () => {
      const again = await openBackend(name, { threads: 1 });
      expect(again.fingerprint).toBe(backend().fingerprint);
      expect(again.tf).toBe(backend().tf);
    });
  });
});

test('opening and using the cpu and wasm backends prints nothing', async () => {
  const written = [
    vi.spyOn(console, 'warn'),
    vi.spyOn(console, 'log'),
    vi.spyOn(console, 'error'),
    vi.spyOn(console, 'info'),
  ];
  for (const name of ['cpu', 'wasm'] as const) {
    const { tf } = await openBackend(name, { threads: 1 });
    tf.tidy(() => tf.ones([2]).dataSync());
  }
  expect(written.flatMap((spy) => spy.mock.calls)).toEqual([]);
});

test('wasm says that it has one thread only', async () => {
  const lines: string[] = [];
  await openBackend('wasm', { threads: 2, onNotice: (line) => lines.push(line) });
  expect(lines).toEqual([
    'The wasm backend computes on one thread in Node; threads: 2 has no effect.',
  ]);
});
