import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createBlockOrder } from '../src/block-order.ts';
import type { BlockOrderOptions } from '../src/block-order.ts';

function epochOf(options: BlockOrderOptions, epoch: number): number[] {
  const order = createBlockOrder(options);
  const examples = options.blocks.reduce((sum, block) => sum + block, 0);
  return Array.from({ length: examples }, (_, position) => order(epoch, position));
}

/** The block that holds each example. */
function blocksOf(blocks: readonly number[], order: readonly number[]): number[] {
  const owner = blocks.flatMap((size, block) => Array.from({ length: size }, () => block));
  return order.map((example) => owner[example] ?? -1);
}

const someBlocks = fc.record({
  seed: fc.nat(),
  blocks: fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 30 }),
  windowExamples: fc.integer({ min: 1, max: 200 }),
});

describe('createBlockOrder', () => {
  it('has each example exactly once an epoch', () => {
    fc.assert(
      fc.property(someBlocks, fc.nat({ max: 5 }), (options, epoch) => {
        const sorted = epochOf(options, epoch).sort((a, b) => a - b);
        expect(sorted).toEqual(Array.from(sorted, (_, i) => i));
      }),
    );
  });

  it('reads each block in one go of at most the window', () => {
    fc.assert(
      fc.property(someBlocks, fc.nat({ max: 5 }), (options, epoch) => {
        const seen = blocksOf(options.blocks, epochOf(options, epoch));
        for (const [block, size] of options.blocks.entries()) {
          const length = seen.lastIndexOf(block) - seen.indexOf(block) + 1;
          expect(length).toBeLessThanOrEqual(Math.max(size, options.windowExamples));
        }
      }),
    );
  });

  it('mixes the blocks of a window, and examples within them', () => {
    const options = { seed: 3, blocks: Array.from({ length: 8 }, () => 100), windowExamples: 400 };
    const order = epochOf(options, 0);
    const first = blocksOf(options.blocks, order.slice(0, 400));
    expect(new Set(first).size).toBe(4);
    const changes = first.filter((block, i) => i > 0 && block !== first[i - 1]).length;
    // A fair mix of four changes three times of four.
    expect(changes).toBeGreaterThan(270);
    expect(changes).toBeLessThan(330);
  });

  it('is another order for another epoch or seed, and the same one when asked again', () => {
    const options = { seed: 1, blocks: [7, 5, 9, 6], windowExamples: 12 };
    const order = createBlockOrder(options);
    const read = (epoch: number) => Array.from({ length: 27 }, (_, i) => order(epoch, i));
    const [zero, one] = [read(0), read(1)];
    expect(one).not.toEqual(zero);
    expect(read(0)).toEqual(zero);
    expect(epochOf({ ...options, seed: 2 }, 0)).not.toEqual(zero);
    expect(order(1, 13)).toBe(one[13]);
    expect(order(0, 3)).toBe(zero[3]);
  });

  it('keeps its orders for ever: finished runs can be repeated', () => {
    expect(epochOf({ seed: 42, blocks: [4, 3, 5], windowExamples: 8 }, 1)).toEqual([
      0, 2, 5, 6, 1, 4, 3, 7, 8, 9, 11, 10,
    ]);
  });

  it('refuses empty blocks, no blocks, and positions outside its domain', () => {
    const order = createBlockOrder({ seed: 1, blocks: [2, 1], windowExamples: 1 });
    expect(() => order(0, 3)).toThrow('position must be a whole number from 0 to 2');
    expect(() => order(-1, 0)).toThrow('must be');
    expect(() => createBlockOrder({ seed: 1, blocks: [], windowExamples: 1 })).toThrow(
      'examples must be',
    );
    expect(() => createBlockOrder({ seed: 1, blocks: [1, 0], windowExamples: 1 })).toThrow(
      'examples of a block must be',
    );
  });
});
