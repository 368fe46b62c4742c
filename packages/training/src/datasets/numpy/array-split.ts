/** A split whose inputs and labels are NumPy arrays in files. */
import { TrainingError } from '../../errors.ts';
import type { LabelForm, NamedArray, Split } from '../dataset.ts';
import { checkIndices } from '../gather.ts';
import { exampleShape, readExamples } from './npy-array.ts';
import type { NpyArray } from './npy-array.ts';

/** An array and the input or output it belongs to. */
export interface NamedNpyArray {
  /** Empty when there is only one. */
  readonly name: string;
  readonly array: NpyArray;
}

/** How values are given. */
export interface ArrayForm {
  /** By how much each number of x is multiplied. */
  readonly scale: number;
  /** Labels are class numbers below this; undefined: they are numbers as they are. */
  readonly classes: number | undefined;
  readonly labels: LabelForm;
}

/** What a split is made of. */
export interface ArraySplitParts {
  readonly x: readonly NamedNpyArray[];
  readonly y: readonly NamedNpyArray[];
  /** Of the examples; none: each counts once. */
  readonly weights: readonly NamedNpyArray[];
  readonly digest: string;
  readonly close: () => void;
}

/** @throws {TrainingError} `bad-data` for arrays of different lengths, none at all, or a label that is no class. */
export function createNpySplit(
  { x, y, weights, digest, close }: ArraySplitParts,
  form: ArrayForm,
): Split {
  const all = [...x, ...y, ...weights];
  const examples = countExamples(all);
  if (form.classes !== undefined) for (const each of y) checkClasses(each.array, form.classes);
  const isOneHot = form.classes !== undefined && form.labels === 'oneHot';
  return {
    examples,
    digest,
    notices: all.flatMap(({ array }) => fortranNotice(array)),
    read(indices) {
      checkIndices(indices, examples);
      const read = ({ name, array }: NamedNpyArray): NamedArray => ({
        name,
        values: readExamples(array, indices),
        shape: [indices.length, ...exampleShape(array)],
      });
      const labels = y.map(read);
      return {
        examples: indices.length,
        x: x.map((each) => scaled(read(each), form.scale)),
        y: isOneHot ? labels.map((label) => oneHot(label, form.classes ?? 0)) : labels,
        ...(weights.length === 0 ? {} : { weights: weights.map(read) }),
      };
    },
    close,
  };
}

function countExamples(arrays: readonly NamedNpyArray[]): number {
  const counts = arrays.map(({ array }) => array.header.shape[0] ?? 0);
  const [first = 0] = counts;
  if (first > 0 && counts.every((count) => count === first)) return first;
  const found = arrays.map(({ array }, i) => `${array.source.path} with ${String(counts[i])}`);
  const words = `all arrays need the same number of examples, at least one; found ${found.join(', ')}`;
  throw new TrainingError('bad-data', words, {
    data: { paths: arrays.map(({ array }) => array.source.path) },
  });
}

const checkedTogether = 65_536;

/** All labels are read once, so that a wrong one ends the run before it begins. */
function checkClasses(array: NpyArray, classes: number): void {
  const { path } = array.source;
  if (array.header.shape.slice(1).some((dimension) => dimension !== 1)) {
    const shape = `[${array.header.shape.join(', ')}]`;
    throw new TrainingError(
      'bad-data',
      `${path}: with classes a label is one number, shape ${shape} has more`,
      { data: { path } },
    );
  }
  const [examples = 0] = array.header.shape;
  for (let first = 0; first < examples; first += checkedTogether) {
    const length = Math.min(checkedTogether, examples - first);
    const labels = readExamples(
      array,
      Uint32Array.from({ length }, (_, i) => first + i),
    );
    const wrong = labels.findIndex(
      (label) => !Number.isInteger(label) || label < 0 || label >= classes,
    );
    if (wrong === -1) continue;
    const words = `${path}: label ${String(labels[wrong])} of example ${String(first + wrong)} is no class below ${String(classes)}`;
    throw new TrainingError('bad-data', words, { data: { path, example: first + wrong } });
  }
}

function fortranNotice({ header, source }: NpyArray): readonly string[] {
  if (!header.isFortran || header.shape.length === 1) return [];
  return [
    `${source.path} is in Fortran order: an example is scattered over the file and slow to read; np.ascontiguousarray helps`,
  ];
}

function scaled(array: NamedArray, scale: number): NamedArray {
  if (scale === 1) return array;
  return { ...array, values: Float32Array.from(array.values, (value) => value * scale) };
}

function oneHot({ name, values, shape }: NamedArray, classes: number): NamedArray {
  const rows = shape[0] ?? 0;
  const hot = new Float32Array(rows * classes);
  for (let row = 0; row < rows; row += 1) hot[row * classes + (values[row] ?? 0)] = 1;
  return { name, values: hot, shape: [rows, classes] };
}
