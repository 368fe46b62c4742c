/** One pass over a text file, row by row. */
import { createHash } from 'node:crypto';
import { TrainingError } from '../../errors.ts';
import type { StoredFile } from '../files/stored-file.ts';
import { findRowEnd, withoutEnd } from './row-end.ts';
import type { RowLimits } from './row-format.ts';

/** A row of the file: `bytes` are without the end of the line, and only until the next row. */
export interface ScannedRow {
  readonly bytes: Buffer;
  /** Place in the file. */
  readonly offset: number;
  /** From 1; a row of several lines has the first of them. */
  readonly line: number;
}

const chunkBytes = 2 ** 20;
/** A row this long is a file of another kind, or a quote that nothing closes. */
const mostRowBytes = 2 ** 26;
const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf]);

/**
 * Calls `onRow` for each row that is not empty, in order; a byte order mark at the beginning of the file is not part of
 * the first row. Gives the SHA-256 (hex) of the whole file. At no time more than a row and a MiB are in memory.
 * @throws {TrainingError} `bad-data` for a row of more than 64 MiB.
 */
export function scanRows(
  file: StoredFile,
  limits: RowLimits,
  onRow: (row: ScannedRow) => void,
): string {
  const hash = createHash('sha256');
  let buffer = Buffer.allocUnsafe(chunkBytes);
  let position = 0;
  let kept = 0;
  let line = 1;
  while (position < file.size) {
    if (kept === buffer.length) buffer = grown(buffer, file, line);
    const read = buffer.subarray(kept, kept + Math.min(buffer.length - kept, file.size - position));
    file.readAt(read, position);
    hash.update(read);
    const end = kept + read.length;
    const isLast = position + read.length === file.size;
    const offset = position - kept;
    const start = offset === 0 && startsWithMark(buffer, end) ? byteOrderMark.length : 0;
    const done = emitRows(
      { bytes: buffer.subarray(start, end), offset: offset + start, line, limits, isLast },
      onRow,
    );
    line = done.line;
    buffer.copyWithin(0, start + done.used, end);
    kept = end - start - done.used;
    position += read.length;
  }
  return hash.digest('hex');
}

interface Piece {
  readonly bytes: Buffer;
  readonly offset: number;
  readonly line: number;
  readonly limits: RowLimits;
  /** Nothing follows: what no newline ends is a row all the same. */
  readonly isLast: boolean;
}

/** How far the rows of a piece go, and the line behind them. */
function emitRows(
  { bytes, offset, line, limits, isLast }: Piece,
  onRow: (row: ScannedRow) => void,
): { readonly used: number; readonly line: number } {
  let used = 0;
  let current = line;
  while (used < bytes.length) {
    const { at, innerLines } = findRowEnd(bytes, used, limits);
    if (at === -1 && !isLast) break;
    const next = at === -1 ? bytes.length : at + 1;
    const row = withoutEnd(bytes.subarray(used, next));
    if (row.length > 0) onRow({ bytes: row, offset: offset + used, line: current });
    current += 1 + innerLines;
    used = next;
  }
  return { used, line: current };
}

function startsWithMark(bytes: Buffer, end: number): boolean {
  return (
    end >= byteOrderMark.length && bytes.subarray(0, byteOrderMark.length).equals(byteOrderMark)
  );
}

function grown(buffer: Buffer, { path }: StoredFile, line: number): Buffer<ArrayBuffer> {
  if (buffer.length >= mostRowBytes) {
    const words = `${path}, line ${String(line)}: the row does not end within ${String(mostRowBytes)} bytes (a quote that is not closed?)`;
    throw new TrainingError('bad-data', words, { data: { path, line } });
  }
  const larger = Buffer.allocUnsafe(2 * buffer.length);
  buffer.copy(larger);
  return larger;
}
