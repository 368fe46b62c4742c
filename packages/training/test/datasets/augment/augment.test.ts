import { describe, expect, it } from 'vitest';
import type { AugmentFunction, AugmentSettings } from '../../../src/datasets/augment/settings.ts';
import type { AnyDataset, Batch } from '../../../src/datasets/dataset.ts';
import { openDataset } from '../../../src/datasets/registry.ts';

const image = (first: number): number[][][] => [
  [[first], [first + 1]],
  [[first + 2], [first + 3]],
];
const images = { x: [image(0), image(10), image(20), image(30)], y: [0, 1, 2, 3] };
const marker = { $local: 'function' } as const;
const settings: AugmentSettings = { crop: { padding: 1 }, flip: 'both' };

function open(
  augment: unknown,
  { x, y }: { x: unknown; y: unknown } = images,
): Promise<AnyDataset> {
  const data = { type: 'arrays', train: { x, y }, test: { x, y } } as const;
  const isFunction = typeof augment === 'function';
  return openDataset(
    { ...data, augment: isFunction ? marker : (augment as AugmentSettings) },
    isFunction ? { ...data, augment } : undefined,
    { labels: 'index', seed: 5 },
  );
}

const valuesOf = (batch: Batch | Promise<Batch>, side: 'x' | 'y' = 'x'): number[] => [
  ...((batch as Batch)[side][0]?.values ?? []),
];

describe('augmented examples', () => {
  it('are the same in every microbatch in which they are, in whatever order', async () => {
    const { train } = await open(settings);
    const together = valuesOf(train.read(Uint32Array.of(0, 1, 2, 3), 9));
    const apart = [3, 1, 0, 2].map((i) => [i, valuesOf(train.read(Uint32Array.of(i), 9))] as const);
    for (const [i, alone] of apart) expect(alone).toEqual(together.slice(4 * i, 4 * i + 4));
    expect(valuesOf((await open(settings)).train.read(Uint32Array.of(0, 1, 2, 3), 9))).toEqual(
      together,
    );
  });

  it('are others in another step, for another example, and with another seed', async () => {
    const { train } = await open(settings);
    const seen = (index: number): Set<string> => {
      const steps = Array.from({ length: 100 }, (_, step) => step);
      const first = index * 10;
      return new Set(
        steps.map((step) =>
          valuesOf(train.read(Uint32Array.of(index), step))
            .map((value) => (value === 0 ? -1 : value - first))
            .join(),
        ),
      );
    };
    // 9 crops in 4 directions, some of which look alike.
    expect(seen(1).size).toBeGreaterThan(20);
    const sequence = (index: number): string =>
      Array.from({ length: 8 }, (_, step) =>
        valuesOf(train.read(Uint32Array.of(index), step)).map((value) => value % 10),
      ).join();
    expect(sequence(1)).not.toBe(sequence(2));
  });

  it('are those for training only, and keep their labels and digest', async () => {
    const [plain, changed] = [await open(undefined), await open(settings)];
    const all = Uint32Array.of(0, 1, 2, 3);
    expect(valuesOf(changed.test?.read(all) ?? ({ x: [] } as never))).toEqual(
      valuesOf(plain.train.read(all)),
    );
    expect(valuesOf(changed.train.read(all, 3))).not.toEqual(valuesOf(plain.train.read(all)));
    expect(valuesOf(changed.train.read(all, 3), 'y')).toEqual([0, 1, 2, 3]);
    expect(changed.train.digest).toBe(plain.train.digest);
  });

  it('must be images', async () => {
    const { train } = await open(settings, { x: [[1, 2]], y: [0] });
    expect(() => train.read(Uint32Array.of(0))).toThrow(
      'data.augment: is for images [height, width, channels]; x is [2]',
    );
  });

  it('leave inputs of other shapes alone, and change those of one example alike', async () => {
    const { train } = await open(settings, {
      x: { left: [image(0)], right: [image(0)], age: [[7]] },
      y: [0],
    });
    for (let step = 0; step < 20; step += 1) {
      const [left, right, age] = (train.read(Uint32Array.of(0), step) as Batch).x;
      expect(right?.values).toEqual(left?.values);
      expect(age?.values).toEqual(Float32Array.of(7));
    }
  });
});

describe('a function that changes examples', () => {
  it('changes a copy, and draws what is keyed by the example and the step', async () => {
    const noise: AugmentFunction = ({ x: { values } }, random) => {
      for (const i of values.keys()) values[i] = random.uniform();
      values[0] = Math.random();
      return undefined;
    };
    const { train, test } = await open(noise);
    const [both, one] = [Uint32Array.of(0, 2), Uint32Array.of(2)];
    const drawn = valuesOf(train.read(both, 4));
    expect(valuesOf(train.read(one, 4))).toEqual(drawn.slice(4));
    expect(new Set(drawn).size).toBe(8);
    expect(valuesOf(train.read(both, 5))).not.toEqual(drawn);
    expect(valuesOf(test?.read(one) ?? ({ x: [] } as never))).toEqual([20, 21, 22, 23]);
  });

  it('may give other arrays, of labels too, and knows which example it has', async () => {
    const replace: AugmentFunction = ({ index, x, y }) => ({
      x: { ...x, values: x.values.map((value) => -value) },
      y: { ...y, values: Float32Array.of(100 + index) },
    });
    const batch = (await open(replace)).train.read(Uint32Array.of(1, 3), 0);
    expect(valuesOf(batch)).toEqual([-10, -11, -12, -13, -30, -31, -32, -33]);
    expect(valuesOf(batch, 'y')).toEqual([101, 103]);
  });

  it('sees several inputs by name', async () => {
    const swap = ({ x }: { x: Record<string, { values: Float32Array }> }) => {
      x['left']?.values.set(x['right']?.values ?? []);
    };
    const { train } = await open(swap, { x: { left: [[1, 2]], right: [[3, 4]] }, y: [0] });
    expect((train.read(Uint32Array.of(0)) as Batch).x.map(({ values }) => [...values])).toEqual([
      [3, 4],
      [3, 4],
    ]);
  });

  it.each([
    ['a number', () => 3, 'must give { x, y }, or nothing when it changed the values, gave 3'],
    ['a promise', async () => Promise.resolve({}), 'must give { x, y }'],
    [
      'a shorter array',
      () => ({ x: { values: [1] } }),
      ', x: must give 4 values for shape [2, 2, 1], gave 1',
    ],
    ['no array', () => ({ y: 5 }), ', y: must give 1 values for shape [1], gave 5'],
  ])('that gives %s is refused', async (_, augment, message) => {
    const { train } = await open(augment);
    expect(() => train.read(Uint32Array.of(0))).toThrow(message);
  });

  it('that is not there is missed in words', async () => {
    const data = { type: 'arrays', train: images, augment: marker } as const;
    await expect(openDataset(data, undefined, { labels: 'index', seed: 5 })).rejects.toThrow(
      'data.augment: the function is not here; this worker needs the job file',
    );
  });
});
