/** Picks rows of arrays: what every split in memory does. */
import { TrainingError } from '../errors.ts';
import type { Batch, NamedArray, Split } from './dataset.ts';

/** All examples of a split: each array's `shape[0]` is the number of examples. */
export interface SplitArrays {
  readonly x: readonly NamedArray[];
  readonly y: readonly NamedArray[];
  readonly weights?: readonly NamedArray[];
}

/** A split that holds its examples in memory. The arrays are kept, not copied. */
export function createArraySplit(arrays: SplitArrays, digest: string): Split {
  const examples = arrays.x[0]?.shape[0] ?? arrays.y[0]?.shape[0] ?? 0;
  return {
    examples,
    digest,
    read(indices): Batch {
      checkIndices(indices, examples);
      const rows = (array: NamedArray): NamedArray => gatherRows(array, indices);
      const { x, y, weights } = arrays;
      const batch = { examples: indices.length, x: x.map(rows), y: y.map(rows) };
      return weights === undefined ? batch : { ...batch, weights: weights.map(rows) };
    },
  };
}

/** Throws for an index that the split does not have. */
export function checkIndices(indices: Uint32Array, examples: number): void {
  for (const index of indices) {
    if (index >= examples) {
      throw new TrainingError(
        'bad-argument',
        `there is no example ${String(index)}: the split has ${String(examples)} examples`,
        { data: { index, examples } },
      );
    }
  }
}

function gatherRows(array: NamedArray, indices: Uint32Array): NamedArray {
  const rowShape = array.shape.slice(1);
  const row = rowShape.reduce((product, dimension) => product * dimension, 1);
  const length = indices.length * row;
  const values =
    array.values instanceof Float32Array ? new Float32Array(length) : new Int32Array(length);
  indices.forEach((index, position) => {
    values.set(array.values.subarray(index * row, (index + 1) * row), position * row);
  });
  return { name: array.name, values, shape: [indices.length, ...rowShape] };
}
