import { describe, expect, it } from 'vitest';
import { openArrays } from '../../src/datasets/arrays.ts';
import { fieldOf } from '../../src/datasets/fields.ts';
import { openFunction } from '../../src/datasets/function.ts';
import { linearLaw, openLinear } from '../../src/datasets/linear.ts';

describe('data as arrays', () => {
  it('are nested lists; the first dimension counts examples, one number per example is a column', () => {
    const { train } = openArrays({
      type: 'arrays',
      train: {
        x: [
          [
            [1, 2],
            [3, 4],
          ],
          [
            [5, 6],
            [7, 8],
          ],
          [
            [9, 10],
            [11, 12],
          ],
        ],
        y: [1, 2, 3],
      },
    });
    expect(train.examples).toBe(3);
    expect(train.read(Uint32Array.of(2, 0))).toEqual({
      examples: 2,
      x: [{ name: '', shape: [2, 2, 2], values: Float32Array.of(9, 10, 11, 12, 1, 2, 3, 4) }],
      y: [{ name: '', shape: [2, 1], values: Float32Array.of(3, 1) }],
    });
  });

  it('have the same digest as the same numbers in typed arrays, and another when a number or a shape differs', () => {
    const digest = (x: Parameters<typeof fieldOf>[0]): string =>
      openArrays({ type: 'arrays', train: { x, y: [1, 2] } }).train.digest;
    const lists = digest([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    expect(digest({ values: Float32Array.of(1, 2, 3, 4, 5, 6), shape: [2, 3] })).toBe(lists);
    expect(digest({ values: Uint8Array.of(1, 2, 3, 4, 5, 6), shape: [2, 3] })).toBe(lists);
    expect(
      digest([
        [1, 2, 3],
        [4, 5, 7],
      ]),
    ).not.toBe(lists);
    expect(digest({ values: Float32Array.of(1, 2, 3, 4, 5, 6), shape: [2, 3, 1] })).not.toBe(lists);
  });

  it('may have weights of the examples, which are part of the digest', async () => {
    const split = { x: [[1], [2], [3]], y: [0, 1, 0], sampleWeight: [0.5, 1, 2] };
    const { train } = openArrays({ type: 'arrays', train: split });
    const weights = [{ name: '', shape: [2, 1], values: Float32Array.of(2, 0.5) }];
    expect(train.read(Uint32Array.of(2, 0)).weights).toEqual(weights);
    const plain = { x: split.x, y: split.y };
    const without = openArrays({ type: 'arrays', train: plain }).train;
    expect(without.read(Uint32Array.of(0))).not.toHaveProperty('weights');
    expect(without.digest).not.toBe(train.digest);
    expect(() => openArrays({ type: 'arrays', train: { ...plain, sampleWeight: [1, 2] } })).toThrow(
      /same number of examples/,
    );

    const read = (indices: Uint32Array) => ({
      x: Float32Array.from(indices),
      y: Float32Array.from(indices),
      sampleWeight: Float32Array.from(indices, (index) => index + 1),
    });
    const byFunction = await openFunction({ train: { examples: 3, read } });
    expect((await byFunction.train.read(Uint32Array.of(2, 0))).weights).toEqual([
      { name: '', shape: [2, 1], values: Float32Array.of(3, 1) },
    ]);
  });

  it('are several by name', () => {
    const { train } = openArrays({
      type: 'arrays',
      train: { x: { a: [[1], [2]], b: Int32Array.of(3, 4) }, y: [0, 1] },
    });
    expect(train.read(Uint32Array.of(1)).x).toEqual([
      { name: 'a', shape: [1, 1], values: Float32Array.of(2) },
      { name: 'b', shape: [1, 1], values: Int32Array.of(4) },
    ]);
  });

  it.each([
    [
      'ragged lists',
      [[1, 2], [3]],
      /x\[1\]: lists of different lengths \(1 elements where the first list has 2\)/,
    ],
    ['text', [[1, 'a']], /x\[0\]\[1\]: must be numbers .* got "a"/],
    ['a list where a number was', [1, [2]], /x\[1\]: must be numbers/],
    ['nothing', undefined, /x: must be numbers .* got undefined/],
    ['big integers', BigInt64Array.of(1n), /x: must be numbers .* got BigInt64Array/],
    [
      'a wrong shape',
      { values: Float32Array.of(1, 2, 3), shape: [2, 2] },
      /x: shape \[2, 2\] needs 4 values, there are 3/,
    ],
  ])('are refused with the place: %s', (_, x, message) => {
    expect(() => fieldOf(x, 'x')).toThrow(message);
  });

  it('need the same number of examples everywhere', () => {
    expect(() => openArrays({ type: 'arrays', train: { x: [[1], [2]], y: [1, 2, 3] } })).toThrow(
      /an array with 2, an array with 3/,
    );
  });
});

describe('data as functions', () => {
  const split = {
    examples: 100,
    read: (indices: Uint32Array): { x: number[][]; y: number[] } => ({
      x: Array.from(indices, (i) => [i, 2 * i]),
      y: Array.from(indices),
    }),
  };

  it('are read by index', async () => {
    const { train } = await openFunction({ train: split });
    expect((await train.read(Uint32Array.of(7))).x[0]?.values).toEqual(Float32Array.of(7, 14));
    expect((await openFunction(() => Promise.resolve({ train: split }))).train.digest).toBe(
      train.digest,
    );
  });

  it('may come later: the examples and the digest are the same', async () => {
    const read = (indices: Uint32Array) => Promise.resolve(split.read(indices));
    const [now, later] = [
      await openFunction({ train: split }),
      await openFunction({ train: { ...split, read } }),
    ];
    const batch = later.train.read(Uint32Array.of(7, 1));
    expect(batch).toBeInstanceOf(Promise);
    expect(await batch).toEqual(now.train.read(Uint32Array.of(7, 1)));
    expect(later.train.digest).toBe(now.train.digest);
  });

  it('that come later are checked then', async () => {
    const read = (indices: Uint32Array) => Promise.resolve({ ...split.read(indices), y: [1] });
    const opening = openFunction({ train: { ...split, read } });
    await expect(opening).rejects.toThrow(/data\.train\.read\(\) was asked for/);
  });

  it('are told apart by a sample, or by the digest given', async () => {
    const other = {
      ...split,
      read: (indices: Uint32Array) => ({
        ...split.read(indices),
        y: Array.from(indices, (i) => i + 1),
      }),
    };
    const [a, b] = [await openFunction({ train: split }), await openFunction({ train: other })];
    expect(a.train.digest).not.toBe(b.train.digest);
    expect((await openFunction({ train: { ...split, digest: 'mine' } })).train.digest).toBe('mine');
  });

  it('are refused when they give another number of examples, or are no splits', async () => {
    const short = { examples: 4, read: () => ({ x: [[1]], y: [1] }) };
    await expect(openFunction({ train: short })).rejects.toThrow(
      /was asked for 4 examples; an array has 1/,
    );
    await expect(openFunction({ train: { examples: 0, read: split.read } })).rejects.toThrow(
      /data.train: must be \{ examples/,
    );
    await expect(openFunction(undefined)).rejects.toMatchObject({ code: 'bad-data' });
  });
});

describe('linear data', () => {
  const settings = {
    type: 'linear',
    examples: 500,
    testExamples: 100,
    features: 3,
    outputs: 2,
    noise: 0.1,
  } as const;

  it('obey the law with noise of the deviation asked for', () => {
    const { train, test } = openLinear(settings, { seed: 5 });
    const { weights, bias } = linearLaw(settings, 5);
    for (const split of [train, test]) {
      const all = split?.read(Uint32Array.from({ length: split.examples }, (_, i) => i));
      const [x, y] = [all?.x[0]?.values ?? [], all?.y[0]?.values ?? []];
      const residuals = Array.from(y, (value, i) => {
        const [row, output] = [Math.floor(i / 2), i % 2];
        const predicted = [0, 1, 2].reduce(
          (sum, f) => sum + (x[row * 3 + f] ?? 0) * (weights[f * 2 + output] ?? 0),
          bias[output] ?? 0,
        );
        return value - predicted;
      });
      const variance = residuals.reduce((sum, r) => sum + r * r, 0) / residuals.length;
      expect(Math.sqrt(variance)).toBeGreaterThan(0.08);
      expect(Math.sqrt(variance)).toBeLessThan(0.12);
    }
  });

  it('are the same for the same seed, and others for another', () => {
    expect(openLinear(settings, { seed: 5 }).train.digest).toBe(
      openLinear(settings, { seed: 5 }).train.digest,
    );
    expect(openLinear(settings, { seed: 5 }).train.digest).not.toBe(
      openLinear(settings, { seed: 6 }).train.digest,
    );
  });

  it('may have their weights given', () => {
    const given = { type: 'linear', examples: 4, weights: [2, -1], bias: 1, noise: 0 } as const;
    const { x, y } = openLinear(given, { seed: 5 }).train.read(Uint32Array.of(3));
    const [a = 0, b = 0] = x[0]?.values ?? [];
    expect(y[0]?.values[0]).toBeCloseTo(2 * a - b + 1, 6);
  });
});
