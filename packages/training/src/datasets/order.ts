/** The order of the examples of a split in each epoch. */
import { createBlockOrder, createExampleOrder } from '@paceline/math';
import type { ExampleOrder } from '@paceline/math';
import type { AnySplit, Blocks, Shuffle } from './dataset.ts';

/** Of data that have no blocks of their own. */
const usualBlock = 4096;
const usualWindow = 4;

/** The orders of all epochs for a seed. */
export function createOrder(split: AnySplit, shuffle: Shuffle, seed: number): ExampleOrder {
  const { examples } = split;
  if (shuffle === 'none') return (_, position) => position;
  if (shuffle === 'full') return createExampleOrder({ seed, examples });
  const { sizes, windowExamples } = split.blocks ?? usualBlocks(examples);
  return createBlockOrder({ seed, blocks: sizes, windowExamples });
}

function usualBlocks(examples: number): Blocks {
  const sizes = Array.from({ length: Math.ceil(examples / usualBlock) }, (_, block) =>
    Math.min(usualBlock, examples - block * usualBlock),
  );
  return { sizes, windowExamples: usualBlock * usualWindow };
}
