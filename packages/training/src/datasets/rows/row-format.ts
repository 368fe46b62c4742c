/** The port of text files with an example in each row: what CSV and JSON lines have in common. */
import type { NamedArray } from '../dataset.ts';

/** How the end of a row is found: at a newline that is not between two quotes. */
export interface RowLimits {
  /**
   * The byte that stands before and after a field with newlines in it; it opens only at the start of a row or behind
   * `delimiter`. Undefined: every newline ends a row.
   */
  readonly quote?: { readonly byte: number; readonly delimiter: number };
}

/** The arrays of some rows. */
export interface RowArrays {
  readonly x: readonly NamedArray[];
  readonly y: readonly NamedArray[];
}

/** From the bytes of a row to numbers, its cells; from the cells of some rows to arrays. */
export interface RowFormat {
  readonly limits: RowLimits;
  /** Whether the first row of each file is a header. */
  readonly hasHeader: boolean;
  /** Takes the header of a file. @throws {RowProblem} */
  readHeader(row: Buffer): void;
  /**
   * The cells of a row, in memory that the next call uses again; undefined for a row that the settings leave out, whatever
   * else it has. @throws {RowProblem}
   */
  parse(row: Buffer): Float32Array | undefined;
  /** The arrays of rows whose cells stand one after the other. */
  assemble(cells: Float32Array, rows: number): RowArrays;
  /** What was found so far of words is all: another one is a problem. */
  closeVocabularies(): void;
}
