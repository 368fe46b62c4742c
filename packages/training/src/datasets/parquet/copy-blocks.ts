/** Rows at any places, out of blocks that may have to be read first. */
import type { BlockCache } from './block-cache.ts';

/** Examples that are wanted of a block. */
export interface Wanted {
  readonly block: number;
  /** The first example of the block. */
  readonly start: number;
  readonly indices: Uint32Array;
  /** Places in `indices`. */
  readonly places: Uint32Array;
}

/** Which examples are wanted of which block; `sizes` are those of the blocks. */
export function wantedBlocks(sizes: readonly number[], indices: Uint32Array): readonly Wanted[] {
  const at = (place: number): number => indices[place] ?? 0;
  const sorted = Uint32Array.from(indices.keys()).sort((a, b) => at(a) - at(b));
  const wanted: Wanted[] = [];
  let [start, next] = [0, 0];
  for (const [block, size] of sizes.entries()) {
    const first = next;
    while (next < sorted.length && at(sorted[next] ?? 0) < start + size) next += 1;
    if (next > first) wanted.push({ block, start, indices, places: sorted.subarray(first, next) });
    start += size;
  }
  return wanted;
}

/** Copies at once what is there; the first block that is not makes the rest come later, one block after the other. */
export function copyBlocks(
  cache: BlockCache,
  wanted: readonly Wanted[],
  to: { readonly cells: Float32Array; readonly width: number },
): Promise<void> | undefined {
  for (const [i, each] of wanted.entries()) {
    const values = cache.get(each.block);
    if (values instanceof Promise) return copyLater(cache, wanted.slice(i), to);
    copyRows(values, each, to);
  }
  return undefined;
}

async function copyLater(
  cache: BlockCache,
  wanted: readonly Wanted[],
  to: { readonly cells: Float32Array; readonly width: number },
): Promise<void> {
  for (const each of wanted) copyRows(await cache.get(each.block), each, to);
}

function copyRows(
  values: Float32Array,
  { start, indices, places }: Wanted,
  { cells, width }: { readonly cells: Float32Array; readonly width: number },
): void {
  for (const place of places) {
    const row = (indices[place] ?? 0) - start;
    cells.set(values.subarray(row * width, (row + 1) * width), place * width);
  }
}
