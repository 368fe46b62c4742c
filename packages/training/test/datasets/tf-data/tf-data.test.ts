import { describe, expect, it } from 'vitest';
import type { TensorFlow } from '../../../src/backend/interface.ts';
import { openBackend } from '../../../src/backend/backend.ts';
import { openDataset } from '../../../src/datasets/registry.ts';

const { tf } = await openBackend('cpu', { threads: 1, onNotice: () => undefined });

async function open(tfData: (tf: TensorFlow) => unknown, more: object = {}) {
  const local = { train: { tfData, ...more } };
  return (await openDataset({ type: 'function' }, local, { labels: 'index', seed: 1 })).train;
}

async function read(tfData: (tf: TensorFlow) => unknown, indices: number[], more: object = {}) {
  const split = await open(tfData, more);
  const { x, y } = await split.read(Uint32Array.from(indices));
  return { examples: split.examples, x, y };
}

const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

describe('a dataset of tf.data', () => {
  it('is read by index, its tensors given back', async () => {
    const before = tf.memory().numTensors;
    const rows = range(5).map((i) => ({ xs: [i, i + 0.5], ys: 2 * i }));
    const numbers = await read(({ data }) => data.array(rows), [4, 0]);
    expect(numbers).toEqual({
      examples: 5,
      x: [{ name: '', shape: [2, 2], values: Float32Array.of(4, 4.5, 0, 0.5) }],
      y: [{ name: '', shape: [2, 1], values: Float32Array.of(8, 0) }],
    });
    const tensors = await read(
      ({ data, tensor2d, scalar }) =>
        data.array(range(3)).map((i) => [tensor2d([[i, 1]]), scalar(i, 'int32')]),
      [2],
    );
    expect(tensors.x[0]).toEqual({ name: '', shape: [1, 1, 2], values: Float32Array.of(2, 1) });
    expect(tensors.y[0]).toEqual({ name: '', shape: [1, 1], values: Int32Array.of(2) });
    expect(tf.memory().numTensors).toBe(before);
  });

  it('may be of batches, and have several inputs by name', async () => {
    const rows = range(5).map((i) => ({ xs: { a: [i], b: [i, -i] }, ys: [2 * i] }));
    const { examples, x, y } = await read(({ data }) => data.array(rows).batch(2), [4, 1], {
      batched: true,
    });
    expect(examples).toBe(5);
    expect(x).toEqual([
      { name: 'a', shape: [2, 1], values: Float32Array.of(4, 1) },
      { name: 'b', shape: [2, 2], values: Float32Array.of(4, -4, 1, -1) },
    ]);
    expect(y[0]?.values).toEqual(Float32Array.of(8, 2));
  });

  it('has another digest in another order', async () => {
    const rows = range(5).map((i) => ({ xs: i, ys: i }));
    const digest = async (list: typeof rows): Promise<string> =>
      (await open(({ data }) => data.array(list))).digest;
    expect(await digest([...rows])).toBe(await digest(rows));
    expect(await digest([...rows].reverse())).not.toBe(await digest(rows));
  });

  it.each<[string, (tf: TensorFlow) => unknown, string]>([
    ['is none', () => [1, 2], 'data.train: tfData must give a dataset of tf.data'],
    ['is empty', ({ data }) => data.array([]), 'data.train: the dataset has no element'],
    [
      'has no labels',
      ({ data }) => data.array([{ xs: 1 }]),
      'element 0: an element must be { xs, ys }',
    ],
    [
      'has words',
      ({ data }) => data.array([{ xs: 'a', ys: 1 }]),
      'element 0.xs[0]: must be numbers',
    ],
    [
      'has shapes that differ',
      ({ data }) =>
        data.array([
          { xs: [1], ys: 1 },
          { xs: [1, 2], ys: 1 },
        ]),
      'data.train, element 1.xs: has shape [2], the first element has [1]',
    ],
    [
      'never ends',
      ({ data }) => data.array([{ xs: [1, 2], ys: 1 }]).repeat(),
      'its elements take more than mostBytes, 1000 bytes of memory; one that repeats itself has no end',
    ],
    [
      'fails',
      ({ data }) =>
        data.generator(function* () {
          yield { xs: 1, ys: 1 };
          throw new Error('the source is dry');
        }),
      'the source is dry',
    ],
  ])('that %s is refused', async (_, tfData, message) => {
    await expect(open(tfData, { mostBytes: 1000 })).rejects.toThrow(message);
  });
});
