/**
 * Factored second moments of matrices (Shazeer, Stern: Adafactor, ICML 2018, section 3): a mean for each row and one for each
 * column, instead of one for each element. A tensor of more than two dimensions is a row of matrices, its last two. Parts
 * of a tensor come bucket by bucket, and begin and end anywhere.
 */
import type { TensorPlace, TensorSpec } from '../layout.ts';
import { lend } from './lend.ts';
import type { Segment, TensorSlot } from './optimizer.ts';

/** The running means of all matrices. */
export interface Factors {
  /** The means, for checkpoints. */
  readonly slots: readonly TensorSlot[];
  /** Adds the squares of the mean gradient of a part to the sums of this step; the first part begins anew. */
  add(segment: Segment): void;
  /** When all parts were added: moves the means of rows and columns by (1 - keep) towards those of this step, each + `added`. */
  settle(tensor: TensorPlace, o: { readonly keep: number; readonly added: number }): void;
  /** Divides the mean gradient of a part by the root of what the means say of its elements, in place. */
  divide(segment: Segment): void;
}

/** How a tensor is a row of matrices. */
interface Matrices {
  readonly count: number;
  /** Of each. */
  readonly rows: number;
  readonly columns: number;
}

interface State {
  readonly matrices: Matrices;
  readonly rowMeans: Float32Array;
  readonly columnMeans: Float32Array;
  readonly rowSums: Float64Array;
  readonly columnSums: Float64Array;
  /** 1 / sqrt(row mean / its mean over the matrix), and 1 / sqrt(column mean). */
  readonly rowFactors: Float32Array;
  readonly columnFactors: Float32Array;
}

/** Whether a tensor has factors. */
export function isFactored({ shape }: TensorSpec): boolean {
  return shape.length >= 2;
}

/** Means of nothing so far. */
export function createFactors(): Factors {
  const states = new Map<string, State>();
  const stateOf = (tensor: TensorPlace): State => {
    const state = states.get(tensor.name) ?? createState(tensor);
    states.set(tensor.name, state);
    return state;
  };
  return {
    slots: [
      {
        name: 'row-means',
        shapeOf: (tensor) => (isFactored(tensor) ? tensor.shape.slice(0, -1) : undefined),
        values: (tensor) => stateOf(tensor).rowMeans,
      },
      {
        name: 'column-means',
        shapeOf: (tensor) => (isFactored(tensor) ? withoutRows(tensor.shape) : undefined),
        values: (tensor) => stateOf(tensor).columnMeans,
      },
    ],
    add: (segment) => {
      addSquares(stateOf(segment.tensor), segment);
    },
    settle: (tensor, o) => {
      settle(stateOf(tensor), o);
    },
    divide: (segment) => {
      divide(stateOf(segment.tensor), segment);
    },
  };
}

function withoutRows(shape: readonly number[]): readonly number[] {
  return [...shape.slice(0, -2), ...shape.slice(-1)];
}

function createState({ shape, size }: TensorPlace): State {
  const [rows = 1, columns = 1] = shape.slice(-2);
  const count = size === 0 ? 0 : size / (rows * columns);
  const [allRows, allColumns] = [count * rows, count * columns];
  return {
    matrices: { count, rows, columns },
    rowMeans: new Float32Array(allRows),
    columnMeans: new Float32Array(allColumns),
    rowSums: new Float64Array(allRows),
    columnSums: new Float64Array(allColumns),
    rowFactors: new Float32Array(allRows),
    columnFactors: new Float32Array(allColumns),
  };
}

function addSquares({ rowSums, columnSums, matrices }: State, segment: Segment): void {
  if (segment.start === 0) {
    rowSums.fill(0);
    columnSums.fill(0);
  }
  onPart(matrices, segment, [rowSums, columnSums], (operands, [rows, columns]) => {
    segment.arena.kernels.addSquares({ ...operands, rows, columnSums: columns });
  });
}

function settle(state: State, { keep, added }: { keep: number; added: number }): void {
  const { rowMeans, columnMeans, rowSums, columnSums, rowFactors, columnFactors } = state;
  const { count, rows, columns } = state.matrices;
  const move = (means: Float32Array, sums: Float64Array, length: number): void => {
    sums.forEach((sum, i) => {
      means[i] = keep * (means[i] ?? 0) + (1 - keep) * (sum / length + added);
    });
  };
  move(rowMeans, rowSums, columns);
  move(columnMeans, columnSums, rows);
  for (let matrix = 0; matrix < count; matrix += 1) {
    const means = rowMeans.subarray(matrix * rows, (matrix + 1) * rows);
    const mean = means.reduce((sum, each) => sum + each, 0) / rows;
    means.forEach((each, i) => {
      rowFactors[matrix * rows + i] = 1 / Math.sqrt(each / mean);
    });
  }
  columnMeans.forEach((each, i) => {
    columnFactors[i] = 1 / Math.sqrt(each);
  });
}

function divide({ rowFactors, columnFactors, matrices }: State, segment: Segment): void {
  onPart(matrices, segment, [rowFactors, columnFactors], (operands, [rows, columns]) => {
    segment.arena.kernels.applyFactors({ ...operands, rowFactors: rows, columnFactors: columns });
  });
}

/** Calls a kernel with what a part touches of the numbers of rows and of columns, lent to it, and with where it begins in them. */
function onPart(
  matrices: Matrices,
  segment: Segment,
  [ofRows, ofColumns]: readonly [Numbers, Numbers],
  kernel: (operands: PartOperands, pointers: readonly [number, number]) => void,
): void {
  const { gradient, count, scale } = segment;
  const { rowRange, columnRange, place } = partOf(matrices, segment);
  const rows = lend(segment, ofRows.subarray(...rowRange));
  const columns = lend(segment, ofColumns.subarray(...columnRange));
  kernel({ gradient, count, scale, ...place }, [rows.pointer, columns.pointer]);
  rows.takeBack();
  columns.takeBack();
}

type Numbers = Float32Array | Float64Array;
type PartOperands = Pick<Segment, 'gradient' | 'count' | 'scale'> & PartPlace;

/** Which rows and columns a part touches, counted over all matrices, and where in them it begins. */
function partOf(
  { rows, columns }: Matrices,
  { start, count }: Segment,
): {
  readonly rowRange: readonly [number, number];
  readonly columnRange: readonly [number, number];
  readonly place: PartPlace;
} {
  const firstRow = Math.floor(start / columns);
  const endRow = Math.ceil((start + count) / columns);
  const [firstMatrix, endMatrix] = [Math.floor(firstRow / rows), Math.ceil(endRow / rows)];
  return {
    rowRange: [firstRow, endRow],
    columnRange: [firstMatrix * columns, endMatrix * columns],
    place: {
      ...{ columns, rowsOfMatrix: rows, column: start % columns },
      rowsLeft: rows - (firstRow % rows),
    },
  };
}

/** Where a part begins: in which column of its row, and how many rows its matrix still has from there on. */
interface PartPlace {
  readonly columns: number;
  readonly rowsOfMatrix: number;
  readonly column: number;
  readonly rowsLeft: number;
}
