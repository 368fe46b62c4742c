/** Where a row of a text file ends. */
import type { RowLimits } from './row-format.ts';

const newline = 0x0a;
const carriageReturn = 0x0d;

/** What was found of a row. */
export interface RowEnd {
  /** Place of the newline that ends the row; -1 when there is none. */
  readonly at: number;
  /** Newlines between quotes. */
  readonly innerLines: number;
}

/** Searches the end of the row that begins at `start`. */
export function findRowEnd(bytes: Buffer, start: number, limits: RowLimits): RowEnd {
  const { quote } = limits;
  if (quote === undefined) return { at: bytes.indexOf(newline, start), innerLines: 0 };
  let isQuoted = false;
  let closedAt = -1;
  let innerLines = 0;
  for (let at = start; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (byte === newline) {
      if (!isQuoted) return { at, innerLines };
      innerLines += 1;
    } else if (byte === quote.byte) {
      // Right behind a quote that closed it is the second of a pair: the field goes on.
      const opens = at === start || bytes[at - 1] === quote.delimiter || closedAt === at - 1;
      if (isQuoted) closedAt = at;
      isQuoted = !isQuoted && opens;
    }
  }
  return { at: -1, innerLines };
}

/** The row without what ends it: `\n`, `\r\n` or nothing. */
export function withoutEnd(row: Buffer): Buffer {
  let end = row.length;
  if (row[end - 1] === newline) end -= 1;
  if (row[end - 1] === carriageReturn) end -= 1;
  return row.subarray(0, end);
}
