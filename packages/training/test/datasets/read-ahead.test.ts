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

/** A split whose batches come when they are told to. */
function laterSplit() {
  const reads: { readonly indices: Uint32Array; readonly given: PromiseWithResolvers<Batch> }[] =
    [];
  const split = createReadAhead({
    examples: 9,
    digest: 'd',
    read(indices: Uint32Array) {
      const given = Promise.withResolvers<Batch>();
      reads.push({ indices, given });
      return given.promise;
    },
  });
  const arrive = (read: number, examples: number): void => {
    reads[read]?.given.resolve({ examples, x: [], y: [] });
  };
  return { split, reads, arrive };
}

describe('batches that come later', () => {
  it('are there when they are loaded, and refused before', async () => {
    const { split, arrive } = laterSplit();
    const indices = Uint32Array.of(1, 2);
    expect(() => split.read(Uint32Array.of(1))).toThrow('they must be loaded first');
    const loading = split.load(indices);
    arrive(1, 2);
    await loading;
    expect(split.read(indices).examples).toBe(2);
  });

  it('may be on their way while the one before is read', async () => {
    const { split, reads, arrive } = laterSplit();
    const [now, next] = [Uint32Array.of(1), Uint32Array.of(2, 3)];
    const loading = split.load(now);
    arrive(0, 1);
    await loading;
    split.readAhead(next);
    expect(split.read(now).examples).toBe(1);
    const later = split.load(next);
    arrive(1, 2);
    await later;
    expect(split.read(next).examples).toBe(2);
    expect(reads).toHaveLength(2);
  });

  it('are asked for again when they did not come, and then it is an error', async () => {
    const { split, reads } = laterSplit();
    const indices = Uint32Array.of(4);
    split.readAhead(indices);
    reads[0]?.given.reject(new Error('the network is gone'));
    const loading = split.load(indices);
    await expect.poll(() => reads.length).toBe(2);
    reads[1]?.given.reject(new Error('the network is still gone'));
    await expect(loading).rejects.toThrow('the network is still gone');
  });

  it('need no loading when they are at hand', () => {
    const { split, reads } = countingSplit();
    const indices = Uint32Array.of(1);
    expect(split.load(indices)).toBeUndefined();
    expect(split.read(indices).examples).toBe(1);
    expect(reads).toEqual([[1]]);
  });
});
