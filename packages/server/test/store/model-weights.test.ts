import { createOptimizer, createSumTree } from '@paceline/math';
import type { OptimizerSettings, TensorSpec } from '@paceline/math';
import { describe, expect, it } from 'vitest';

import { createParameterStore } from '../../src/store/parameter-store.ts';
import type { ParameterStore } from '../../src/store/parameter-store.ts';

const tensors: readonly TensorSpec[] = [
  { name: 'scalars', shape: [2], section: 'scalars' },
  { name: 'w', shape: [3, 5], section: 'trainable' },
  { name: 'b', shape: [4], section: 'trainable' },
  { name: 'mean', shape: [2], section: 'state' },
  { name: 'fixed', shape: [2], section: 'frozen' },
];
const trainable = 19;
const { root } = createSumTree(1);
const sgd: OptimizerSettings = {
  ...{ type: 'sgd', learningRate: 1, momentum: 0, nesterov: false, dampening: 0 },
  ...{ weightDecay: 0, decoupledWeightDecay: false },
};

/** All parameters are 1 at version 0. */
function open(bucketBytes: number, more: Partial<OptimizerSettings> = {}): ParameterStore {
  const optimizer = createOptimizer({ ...sgd, ...more } as OptimizerSettings);
  const store = createParameterStore({ tensors, bucketBytes, optimizer, measuresGradient: true });
  for (const { index, section, length } of store.buckets) {
    if (section !== 'scalars') store.writeInitial(index, bytesOf(new Float32Array(length).fill(1)));
  }
  return store;
}

/** A step with a gradient whose elements are i + 1, from the first trainable one on; gives its norm. */
function step(store: ParameterStore, version: number, weight = 1): number | undefined {
  const terms = { version, root, weight, updates: version, learningRate: 1 };
  const changing = store.buckets.filter(({ section }) => section !== 'frozen');
  for (const { index, offset, length } of changing) {
    const leaf = Float32Array.from({ length }, (_, i) => offset + i - 1);
    store.take(index, root, bytesOf(leaf), { dropped: [], merges: [] });
  }
  const norm = store.prepare(terms);
  for (const { index, section } of changing) {
    if (section !== 'scalars') store.update({ ...terms, bucket: index, skip: false });
  }
  store.clearSums();
  return norm;
}

function bytesOf(values: Float32Array): Uint8Array {
  return new Uint8Array(values.buffer);
}

function modelOf(store: ParameterStore, which: number | 'best'): readonly number[] {
  return store.buckets.flatMap(({ index, section }) => {
    if (section === 'scalars') return [];
    const bytes = store.model(index, which).slice();
    return [...new Float32Array(bytes.buffer)];
  });
}

describe.each([{ bucketBytes: 32 }, { bucketBytes: 2 ** 20 }])(
  'with buckets of %j',
  ({ bucketBytes }) => {
    const squares = Array.from({ length: trainable }, (_, i) => (i + 1) ** 2);

    it('measures the mean gradient before it is clipped', () => {
      const store = open(bucketBytes, { clip: { globalNorm: 0.5 } });
      const expected = Math.sqrt(squares.reduce((sum, square) => sum + square, 0));
      expect(step(store, 0)).toBeCloseTo(expected, 12);
      expect(step(store, 1, 4)).toBeCloseTo(expected / 4, 12);
    });

    it('takes the parameters of a version for its model, or their average where there is one', () => {
      const plain = open(bucketBytes);
      step(plain, 0);
      // 1 - (i + 1) for trainable ones, 1 + (i + 1) for state, 1 for what is frozen.
      expect(modelOf(plain, 1).slice(0, 3)).toEqual([0, -1, -2]);
      expect(modelOf(plain, 1).slice(trainable)).toEqual([21, 22, 1, 1]);
      const averaged = open(bucketBytes, { average: { decay: 0.5, warmup: false } });
      expect(modelOf(averaged, 0)).toEqual(modelOf(plain, 0));
      step(averaged, 0);
      expect(modelOf(averaged, 1).slice(0, 3)).toEqual([0.5, 0, -0.5]);
      expect(modelOf(averaged, 1).slice(trainable)).toEqual([21, 22, 1, 1]);
      expect(averaged.digest(['state'], 1)).toBe(plain.digest(['state'], 1));
      expect(averaged.digest(['trainable'], 1)).not.toBe(plain.digest(['trainable'], 1));
    });

    it('keeps a copy of the best model, also through a checkpoint and in other buckets', () => {
      const store = open(bucketBytes, { average: { decay: 0.5, warmup: false } });
      expect(store.copyState(0)).not.toHaveProperty('best');
      step(store, 0);
      const best = modelOf(store, 1);
      store.keepBest(1);
      step(store, 1);
      step(store, 2);
      expect(modelOf(store, 'best')).toEqual(best);
      const other = open(48, { average: { decay: 0.5, warmup: false } });
      other.restore(3, store.copyState(3));
      expect(modelOf(other, 'best')).toEqual(best);
      expect(modelOf(other, 3)).toEqual(modelOf(store, 3));
      store.keepBest(3);
      expect(modelOf(store, 'best')).toEqual(modelOf(store, 3));
    });
  },
);
