/** One example of a batch, as functions of a job see it. */
import type { Example, ExampleArray } from './augment/settings.ts';
import type { Batch, NamedArray } from './dataset.ts';

/** The arrays of inputs or labels: the only one, or all by name. */
export type ExampleSide = ExampleArray | Readonly<Record<string, ExampleArray>>;

/** An example whatever its arrays are. */
export type AnyExample = Example<ExampleSide, ExampleSide>;

/** The example in a row of a batch, in the batch's own memory. */
export function exampleOf(
  { x, y }: Batch,
  { row, index }: { readonly row: number; readonly index: number },
): AnyExample {
  return { index, x: sideOf(x, row), y: sideOf(y, row) };
}

function sideOf(arrays: readonly NamedArray[], row: number): ExampleSide {
  const parts = arrays.map(({ name, values, shape: [, ...shape] }) => {
    const size = shape.reduce((product, dimension) => product * dimension, 1);
    return [name, { values: values.subarray(row * size, (row + 1) * size), shape }] as const;
  });
  const [only] = parts;
  return only?.[0] === '' ? only[1] : Object.fromEntries(parts);
}
