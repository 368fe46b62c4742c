import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import {
  createBatchTree,
  createStepTrees,
  exampleIndices,
  locateStep,
  microbatchRange,
  planBatches,
  stepsOfEpochs,
  stepsPerEpoch,
} from '../src/batches.ts';
import { createExampleOrder } from '../src/permutation.ts';

describe('microbatchRange', () => {
  it('cuts a batch of 10 into 4 parts that differ by at most one', () => {
    expect([0, 1, 2, 3].map((i) => microbatchRange(i, 10, 4))).toEqual([
      { first: 0, end: 2 },
      { first: 2, end: 5 },
      { first: 5, end: 7 },
      { first: 7, end: 10 },
    ]);
  });

  it('leaves microbatches empty when there are fewer examples', () => {
    expect([0, 1, 2, 3].map((i) => microbatchRange(i, 2, 4))).toEqual([
      { first: 0, end: 0 },
      { first: 0, end: 1 },
      { first: 1, end: 1 },
      { first: 1, end: 2 },
    ]);
  });

  it('equals the formula in exact integers up to products of 2^53 - 1', () => {
    const sizes = fc
      .tuple(
        fc.maxSafeNat(),
        fc.oneof(fc.integer({ min: 1, max: 5000 }), fc.integer({ min: 1, max: 2 ** 30 })),
      )
      .map(([n, microbatches]) => ({
        examples: n % (Math.floor(Number.MAX_SAFE_INTEGER / microbatches) + 1),
        microbatches,
      }));
    fc.assert(
      fc.property(sizes, fc.nat(), ({ examples, microbatches }, key) => {
        const i = key % microbatches;
        const floor = (index: number): number =>
          Number((BigInt(index) * BigInt(examples)) / BigInt(microbatches));
        expect(microbatchRange(i, examples, microbatches)).toEqual({
          first: floor(i),
          end: floor(i + 1),
        });
      }),
      { numRuns: 2000 },
    );
  });

  it('refuses products from 2^53 on, and microbatches that there are not', () => {
    expect(() => microbatchRange(0, 2 ** 43, 2 ** 10)).toThrow('must be below 2^53');
    expect(() => microbatchRange(4, 10, 4)).toThrow(
      'microbatch must be a whole number from 0 to 3',
    );
    expect(() => microbatchRange(0, 10, 0)).toThrow('microbatches must be a whole number >= 1');
  });
});

describe('createStepTrees', () => {
  it('makes one tree of full batches and one of the last, whose empty microbatches it knows', () => {
    const treeOf = createStepTrees({ examples: 10, batchSize: 4, microbatches: 4 });
    expect(treeOf(1)).toBe(treeOf(0));
    expect(treeOf(2)).not.toBe(treeOf(0));
    expect(treeOf(5)).toBe(treeOf(2)); // the last step of the second epoch
    const emptyLeaves = (step: number): readonly boolean[] =>
      [0, 1, 2, 3].map((index) => treeOf(step).isEmpty({ level: 0, index }));
    expect(emptyLeaves(0)).toEqual([false, false, false, false]);
    expect(emptyLeaves(2)).toEqual([true, false, true, false]);
  });
});

describe('createBatchTree', () => {
  it('has a leaf for each microbatch with examples', () => {
    const tree = createBatchTree(2, 4);
    expect([0, 1, 2, 3].map((index) => tree.isEmpty({ level: 0, index }))).toEqual([
      true,
      false,
      true,
      false,
    ]);
    expect(createBatchTree(9, 4).isEmpty({ level: 0, index: 0 })).toBe(false);
  });
});

describe('locateStep', () => {
  it('ends an epoch of 10 examples after batches of 4, 4 and 2', () => {
    expect(stepsPerEpoch(10, 4)).toBe(3);
    expect(
      [0, 1, 2, 3].map((step) => locateStep({ examples: 10, batchSize: 4, microbatches: 2 }, step)),
    ).toEqual([
      { epoch: 0, offset: 0, count: 4, microbatches: 2 },
      { epoch: 0, offset: 4, count: 4, microbatches: 2 },
      { epoch: 0, offset: 8, count: 2, microbatches: 2 },
      { epoch: 1, offset: 0, count: 4, microbatches: 2 },
    ]);
  });

  it('takes a batch that is larger than the data set as the whole of it', () => {
    expect(locateStep({ examples: 3, batchSize: 100, microbatches: 2 }, 5)).toEqual({
      epoch: 5,
      offset: 0,
      count: 3,
      microbatches: 2,
    });
  });

  it('refuses a step below 0 and a data set without examples', () => {
    expect(() => locateStep({ examples: 3, batchSize: 1, microbatches: 1 }, -1)).toThrow(
      'step must be',
    );
    expect(() => locateStep({ examples: 0, batchSize: 1, microbatches: 1 }, 0)).toThrow(
      'examples must be',
    );
    expect(() => stepsPerEpoch(3, 0)).toThrow('batchSize must be');
  });
});

describe('a batch schedule', () => {
  /** 10 examples: epochs 0 and 1 have 3 steps each, epoch 2 has one, those from 3 on have 2. */
  const plan = planBatches(
    {
      ...{ batchSize: 4, microbatches: 2 },
      batchSchedule: [
        { fromEpoch: 2, batchSize: 10, microbatches: 5 },
        { fromEpoch: 3, batchSize: 6, microbatches: 3 },
      ],
    },
    10,
  );

  it('changes the batches at the beginning of an epoch', () => {
    expect([5, 6, 7, 8, 9].map((step) => locateStep(plan, step))).toEqual([
      { epoch: 1, offset: 8, count: 2, microbatches: 2 },
      { epoch: 2, offset: 0, count: 10, microbatches: 5 },
      { epoch: 3, offset: 0, count: 6, microbatches: 3 },
      { epoch: 3, offset: 6, count: 4, microbatches: 3 },
      { epoch: 4, offset: 0, count: 6, microbatches: 3 },
    ]);
  });

  it('counts the steps of epochs', () => {
    expect([0, 1, 2, 3, 4, 9].map((epochs) => stepsOfEpochs(plan, epochs))).toEqual([
      0, 3, 6, 7, 9, 19,
    ]);
    expect(stepsOfEpochs(plan, Infinity)).toBe(Infinity);
  });

  it('uses each example once an epoch, and has no leaf beyond its microbatches', () => {
    const whole = { ...plan, order: createExampleOrder({ seed: 3, examples: 10 }) };
    const inEpoch = (steps: readonly number[]): readonly number[] =>
      steps
        .flatMap((step) => [0, 1, 2, 3, 4].map((leaf) => [...exampleIndices(whole, step, leaf)]))
        .flat()
        .sort((a, b) => a - b);
    const all = Array.from({ length: 10 }, (_, i) => i);
    expect(inEpoch([3, 4, 5])).toEqual(all);
    expect(inEpoch([6])).toEqual(all);
    expect(inEpoch([7, 8])).toEqual(all);
    expect(exampleIndices(whole, 7, 3)).toHaveLength(0);
  });

  it('has a tree of as many leaves as microbatches for each size', () => {
    const treeOf = createStepTrees(plan);
    expect([0, 2, 6, 7, 8].map((step) => treeOf(step).leaves)).toEqual([2, 2, 5, 3, 3]);
    expect(treeOf(7)).toBe(treeOf(9));
  });
});

describe('exampleIndices', () => {
  it('uses each example exactly once an epoch, for any sizes', () => {
    const size = fc.integer({ min: 1, max: 200 });
    fc.assert(
      fc.property(
        size,
        size,
        fc.integer({ min: 1, max: 40 }),
        fc.nat(3),
        fc.nat(),
        (examples, batchSize, microbatches, epoch, seed) => {
          const order = createExampleOrder({ seed, examples });
          const plan = { examples, batchSize, microbatches, order };
          const uses = new Uint32Array(examples);
          const steps = stepsPerEpoch(examples, batchSize);
          for (let step = epoch * steps; step < (epoch + 1) * steps; step += 1) {
            expect(locateStep(plan, step).epoch).toBe(epoch);
            for (let microbatch = 0; microbatch < microbatches; microbatch += 1) {
              for (const example of exampleIndices(plan, step, microbatch)) {
                uses[example] = (uses[example] ?? 0) + 1;
              }
            }
          }
          expect(uses.every((count) => count === 1)).toBe(true);
        },
      ),
    );
  });

  it('does not depend on how a batch is cut: microbatches joined are the batch', () => {
    const order = createExampleOrder({ seed: 1, examples: 1000 });
    const batch = (microbatches: number): number[] =>
      Array.from({ length: microbatches }, (_, i) => [
        ...exampleIndices({ examples: 1000, batchSize: 64, microbatches, order }, 20, i),
      ]).flat();
    expect(batch(1)).toHaveLength(64);
    expect(batch(7)).toEqual(batch(1));
    expect(batch(64)).toEqual(batch(1));
  });
});
