import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openMnist } from '../../src/datasets/mnist.ts';

const options = { labels: 'index', seed: 1 } as const;

describe('MNIST', () => {
  it('is the real one: 60,000 + 10,000 digits, whose first labels and pixel sums are known', async () => {
    const { train, test } = await openMnist({ type: 'mnist', flatten: true }, options);
    expect([train.examples, test?.examples]).toEqual([60_000, 10_000]);
    const first = (split: typeof train): number[] =>
      Array.from(split.read(Uint32Array.from({ length: 10 }, (_, i) => i)).y[0]?.values ?? []);
    expect(first(train)).toEqual([5, 0, 4, 1, 9, 2, 1, 3, 1, 4]);
    expect(test && first(test)).toEqual([7, 2, 1, 0, 4, 1, 4, 9, 5, 9]);
  });

  it('has the published mean and counts of digits in every one of its images', async () => {
    const { train } = await openMnist({ type: 'mnist', flatten: true }, options);
    const counts = new Array<number>(10).fill(0);
    let sum = 0;
    for (let start = 0; start < train.examples; start += 1000) {
      const { x, y } = train.read(Uint32Array.from({ length: 1000 }, (_, i) => start + i));
      for (const pixel of x[0]?.values ?? []) sum += pixel;
      for (const digit of y[0]?.values ?? []) counts[digit] = (counts[digit] ?? 0) + 1;
    }
    expect(sum / (train.examples * 784)).toBeCloseTo(0.1307, 4);
    expect(counts).toEqual([5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]);
  });

  it('is given as images of one channel, or flat', async () => {
    const shape = async (flatten: boolean): Promise<unknown> =>
      (await openMnist({ type: 'mnist', flatten }, options)).train.read(Uint32Array.of(0, 1)).x[0]
        ?.shape;
    expect(await shape(false)).toEqual([2, 28, 28, 1]);
    expect(await shape(true)).toEqual([2, 784]);
  });

  it('that is not in the folder given is missed in words', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'paceline-mnist-'));
    const promise = openMnist({ type: 'mnist', path: folder, flatten: true }, options);
    await expect(promise).rejects.toMatchObject({ code: 'missing-data' });
    await expect(promise).rejects.toThrow(
      /there is no train-images-idx3-ubyte \(nor train-images-idx3-ubyte.gz\)/,
    );
    rmSync(folder, { recursive: true });
  });
});
