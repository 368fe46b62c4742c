/** Labels that are numbers of classes. */
import type { LabelForm, NamedArray } from './dataset.ts';

/** What the labels of some examples are made of. */
export interface ClassLabels {
  readonly classes: number;
  readonly labels: LabelForm;
  readonly classOf: (index: number) => number;
}

/** The labels at `indices`: [n, classes] as one-hot rows, or [n, 1] as numbers. */
export function classLabels(
  indices: Uint32Array,
  { classes, labels, classOf }: ClassLabels,
): NamedArray {
  if (labels === 'index') {
    return { name: '', values: Float32Array.from(indices, classOf), shape: [indices.length, 1] };
  }
  const values = new Float32Array(indices.length * classes);
  indices.forEach((index, row) => {
    values[row * classes + classOf(index)] = 1;
  });
  return { name: '', values, shape: [indices.length, classes] };
}
