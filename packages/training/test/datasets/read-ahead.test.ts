import { describe, expect, it } from 'vitest';

import type { Batch } from '../../src/datasets/dataset.ts';
import { createReadAhead } from '../../src/datasets/read-ahead.ts';

function countingSplit(fails: () => boolean = () => false) {
  const reads: number[][] = [];
  const split = {
    examples: 9,
    digest: 'd',
    read(indices: Uint32Array): Batch {
      reads.push([...indices]);
      if (fails()) throw new Error('the disk is gone');
      return { examples: indices.length, x: [], y: [] };
    },
  };
  return { split: createReadAhead(split), reads };
}

describe('reading ahead', () => {
  it('reads a batch once, for the read that it was read for', () => {
    const { split, reads } = countingSplit();
    const indices = Uint32Array.of(1, 2);
    split.readAhead(indices);
    expect(split.read(indices).examples).toBe(2);
    expect(reads).toEqual([[1, 2]]);
    // Its arrays are the caller's now.
    split.read(indices);
    expect(reads).toHaveLength(2);
  });

  it('reads what was not expected', () => {
    const { split, reads } = countingSplit();
    split.readAhead(Uint32Array.of(1));
    expect(split.read(Uint32Array.of(3, 4)).examples).toBe(2);
    expect(reads).toEqual([[1], [3, 4]]);
  });

  it('keeps an error for the one who needs the batch', () => {
    let isBroken = true;
    const { split } = countingSplit(() => isBroken);
    const indices = Uint32Array.of(5);
    split.readAhead(indices);
    expect(() => split.read(indices)).toThrow('the disk is gone');
    isBroken = false;
    expect(split.read(indices).examples).toBe(1);
  });
});
