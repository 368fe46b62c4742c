/** A text file whose rows are read by number: in memory is only where each begins. */
import type { StoredFile } from '../files/stored-file.ts';
import type { Offsets } from './offsets.ts';
import { findRowEnd, withoutEnd } from './row-end.ts';
import type { RowLimits } from './row-format.ts';

/** A file with the places of its examples. */
export interface RowFile {
  readonly file: StoredFile;
  readonly offsets: Offsets;
  /** SHA-256 (hex) of its bytes. */
  readonly digest: string;
}

/** Neighbours are read together, up to so many bytes. */
const mostTogetherBytes = 2 ** 20;

/**
 * Calls `onRow` for each of `rows`, which are in ascending order (the same one may come twice), with its bytes (until the
 * next one) and its place in `rows`.
 */
export function readRows(
  { file, offsets }: RowFile,
  limits: RowLimits,
  rows: readonly number[],
  onRow: (bytes: Buffer, place: number) => void,
): void {
  const endOf = (row: number): number =>
    row + 1 < offsets.length ? offsets.at(row + 1) : file.size;
  let place = 0;
  while (place < rows.length) {
    const start = offsets.at(rows[place] ?? 0);
    let last = place;
    while (last + 1 < rows.length && isNext(rows, last)) {
      if (endOf(rows[last + 1] ?? 0) - start > mostTogetherBytes) break;
      last += 1;
    }
    const bytes = Buffer.allocUnsafe(endOf(rows[last] ?? 0) - start);
    file.readAt(bytes, start);
    for (; place <= last; place += 1) {
      const from = offsets.at(rows[place] ?? 0) - start;
      const { at } = findRowEnd(bytes, from, limits);
      onRow(withoutEnd(bytes.subarray(from, at === -1 ? bytes.length : at)), place);
    }
  }
}

function isNext(rows: readonly number[], place: number): boolean {
  const [row = 0, next = 0] = [rows[place], rows[place + 1]];
  return next - row <= 1;
}
