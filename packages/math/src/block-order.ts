/**
 * An order of the examples for data that are read by block: neighbours in the order come from a few blocks, so that each
 * block is read once or twice an epoch.
 *
 * The blocks are put in a keyed order. From the first on, as many as fit are a window: together at most `windowExamples`, or a
 * single larger one. Within its window every example may be anywhere, by a keyed permutation of its own. How well
 * examples are mixed follows from the window: with one block in it, neighbours in the file stay near each other.
 */
import { checkWhole } from './checks.ts';
import { createPermutation } from './permutation.ts';
import type { ExampleOrder } from './permutation.ts';

/** What the order depends on, and on nothing else. */
export interface BlockOrderOptions {
  readonly seed: number;
  /** Examples in each block, in the order of the data; none is empty. */
  readonly blocks: readonly number[];
  /** Examples that may be mixed, >= 1. */
  readonly windowExamples: number;
}

/** "blck" and "wndw" in ASCII: they tell these random numbers from all others of the same seed. */
const blockPurpose = 0x626c_636b;
const windowPurpose = 0x776e_6477;

const mostExamples = 0x1_0000_0000;

/**
 * The orders of all epochs for a seed. Takes memory for each block; calls may come in any order, but an epoch is laid out when
 * it is first asked for, and a window likewise.
 * @throws {MathError} `bad-argument` when a block is empty, there are none or more than 2^32 examples, or `seed` is no whole
 * number in [0, 2^53); the order throws it as that of `createExampleOrder` does.
 */
export function createBlockOrder({
  seed,
  blocks,
  windowExamples,
}: BlockOrderOptions): ExampleOrder {
  checkWhole('seed', seed, { least: 0 });
  checkWhole('windowExamples', windowExamples, { least: 1 });
  for (const block of blocks) checkWhole('examples of a block', block, { least: 1 });
  const starts = sumsOf(blocks);
  const examples = checkWhole('examples', starts.at(-1) ?? 0, { least: 1, most: mostExamples });
  let layout: EpochLayout | undefined;
  let window = -1;
  let permute = (position: number): number => position;
  return (epoch, position) => {
    checkWhole('position', position, { least: 0, most: examples - 1 });
    if (layout?.epoch !== epoch) {
      layout = layOut({ seed, blocks, windowExamples }, epoch);
      window = -1;
    }
    const { order, ends, windows } = layout;
    const found = lastNotAbove(windows, position);
    const first = windows[found] ?? 0;
    if (found !== window) {
      const size = (windows[found + 1] ?? examples) - first;
      permute = createPermutation(size, windowPurpose, seed, epoch, found);
      window = found;
    }
    const mixed = first + permute(position - first);
    const place = lastNotAbove(ends, mixed);
    return (starts[order[place] ?? 0] ?? 0) + mixed - (ends[place] ?? 0);
  };
}

interface EpochLayout {
  readonly epoch: number;
  /** The block at each place. */
  readonly order: readonly number[];
  /** Examples before each place, and in all. */
  readonly ends: readonly number[];
  /** The first position of each window. */
  readonly windows: readonly number[];
}

function layOut({ seed, blocks, windowExamples }: BlockOrderOptions, epoch: number): EpochLayout {
  const permute = createPermutation(blocks.length, blockPurpose, seed, epoch);
  const order = blocks.map((_, place) => permute(place));
  const sizes = order.map((block) => blocks[block] ?? 0);
  const ends = sumsOf(sizes);
  const windows = [0];
  let first = 0;
  sizes.forEach((size, place) => {
    const start = ends[place] ?? 0;
    if (start === first || start + size - first <= windowExamples) return;
    windows.push(start);
    first = start;
  });
  return { epoch, order, ends, windows };
}

/** Sums of the values before each place, and of all. */
function sumsOf(values: readonly number[]): readonly number[] {
  const sums = [0];
  let sum = 0;
  for (const value of values) {
    sum += value;
    sums.push(sum);
  }
  return sums;
}

/** The last place of ascending values whose value is not above `value`; the first is not. */
function lastNotAbove(values: readonly number[], value: number): number {
  let [low, high] = [0, values.length];
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if ((values[middle] ?? 0) <= value) low = middle;
    else high = middle;
  }
  return low;
}
