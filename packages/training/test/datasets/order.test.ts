import { createBlockOrder, createExampleOrder } from '@paceline/math';
import { describe, expect, it } from 'vitest';
import { createDataset } from '../../src/datasets/dataset.ts';
import type { Batch, Blocks, Shuffle, Split } from '../../src/datasets/dataset.ts';
import { divideSplit } from '../../src/datasets/files/divide-split.ts';
import { createOrder } from '../../src/datasets/order.ts';

function splitOf(examples: number, blocks?: Blocks): Split {
  return {
    examples,
    digest: 'd',
    ...(blocks && { blocks }),
    read: (indices): Batch => ({ examples: indices.length, x: [], y: [] }),
  };
}

const epochOf = (split: Split, shuffle: Shuffle): number[] => {
  const order = createOrder(split, shuffle, 9);
  return Array.from({ length: split.examples }, (_, position) => order(2, position));
};

describe('the order of a split', () => {
  it('is that of the files, any, or one of blocks', () => {
    const blocks = { sizes: [3, 4, 5], windowExamples: 7 };
    const split = splitOf(12, blocks);
    expect(epochOf(split, 'none')).toEqual(Array.from({ length: 12 }, (_, i) => i));
    const full = createExampleOrder({ seed: 9, examples: 12 });
    expect(epochOf(split, 'full')).toEqual(Array.from({ length: 12 }, (_, i) => full(2, i)));
    const mixed = createBlockOrder({ seed: 9, blocks: blocks.sizes, windowExamples: 7 });
    expect(epochOf(split, 'blocks')).toEqual(Array.from({ length: 12 }, (_, i) => mixed(2, i)));
  });

  it('has blocks of 4,096 examples where the data have none, four of them mixed', () => {
    const order = epochOf(splitOf(20_000), 'blocks');
    expect(new Set(order).size).toBe(20_000);
    expect(new Set(order.slice(0, 10_000).map((i) => Math.floor(i / 4096))).size).toBeLessThan(5);
  });

  it('has as many examples of each block as a part of the data has', () => {
    const sizes = [10, 1, 30, 9];
    const { train, test } = divideSplit(splitOf(50, { sizes, windowExamples: 20 }), 0.3, 4);
    const total = (split: Split | undefined): number =>
      (split?.blocks?.sizes ?? []).reduce((sum, size) => sum + size, 0);
    expect([total(train), total(test)]).toEqual([35, 15]);
    expect([...(train.blocks?.sizes ?? []), ...(test?.blocks?.sizes ?? [])]).not.toContain(0);
    expect(createDataset(train, test).train.blocks?.windowExamples).toBe(20);
  });
});
