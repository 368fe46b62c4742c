/** From the cells of rows to arrays: columns side by side, words as one-hot or as numbers. */
import type { LabelForm, NamedArray } from '../dataset.ts';
import type { Vocabulary } from './vocabulary.ts';

/** Cells of a row that came from one column or field. */
export interface CellRange {
  /** Place of the first in the row. */
  readonly at: number;
  /** Shape of the values; [1] for a number. */
  readonly shape: readonly number[];
  /** Whose words the single cell has. */
  readonly vocabulary?: Vocabulary | undefined;
}

/** One input or output: the ranges side by side, in their order. */
export interface ArrayPlan {
  readonly name: string;
  readonly ranges: readonly CellRange[];
  /** How words are given. */
  readonly words: LabelForm;
}

/** Rows of `width` cells each, one after the other. */
export interface Cells {
  readonly values: Float32Array;
  readonly width: number;
  readonly rows: number;
}

/** [rows, columns]; a single range keeps its shape: [rows, ...shape]. */
export function assembleArray({ name, ranges, words }: ArrayPlan, cells: Cells): NamedArray {
  const widths = ranges.map((range) => widthOf(range, words));
  const width = widths.reduce((sum, each) => sum + each, 0);
  const values = new Float32Array(cells.rows * width);
  for (let row = 0; row < cells.rows; row += 1) {
    let to = row * width;
    ranges.forEach((range, i) => {
      const from = row * cells.width + range.at;
      if (isOneHot(range, words)) values[to + (cells.values[from] ?? 0)] = 1;
      else values.set(cells.values.subarray(from, from + sizeOf(range.shape)), to);
      to += widths[i] ?? 0;
    });
  }
  const [only] = ranges;
  const isShaped = only !== undefined && ranges.length === 1 && !isOneHot(only, words);
  return { name, values, shape: [cells.rows, ...(isShaped ? only.shape : [width])] };
}

/** Product of dimensions. */
function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, dimension) => product * dimension, 1);
}

function isOneHot({ vocabulary }: CellRange, words: LabelForm): boolean {
  return vocabulary !== undefined && words === 'oneHot';
}

function widthOf(range: CellRange, words: LabelForm): number {
  return isOneHot(range, words) ? (range.vocabulary?.size ?? 0) : sizeOf(range.shape);
}
