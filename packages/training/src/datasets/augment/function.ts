/** Examples that a function of the job changes. */
import type { Random } from '@paceline/math';
import { TrainingError } from '../../errors.ts';
import { withKeyedMathRandom } from '../../keyed-math-random.ts';
import type { Batch, NamedArray } from '../dataset.ts';
import { exampleOf } from '../example.ts';
import type { ExampleSide } from '../example.ts';
import type { AugmentFunction, Example, ExampleArray } from './settings.ts';

/** Takes whatever arrays there are. */
export type AnyFunction = AugmentFunction<ExampleSide, ExampleSide>;

/**
 * A changed copy of a batch: `change` is called for each example, with arrays of its own.
 * @throws {TrainingError} `bad-data` when it gives other arrays than it was given.
 */
export function augmentByFunction(
  batch: Batch,
  change: AnyFunction,
  keyed: { readonly indices: Uint32Array; readonly randomOf: (index: number) => Random },
): Batch {
  const copy = (array: NamedArray): NamedArray => ({ ...array, values: array.values.slice() });
  const [x, y] = [batch.x.map(copy), batch.y.map(copy)];
  keyed.indices.forEach((index, row) => {
    const example = exampleOf({ ...batch, x, y }, { row, index });
    const random = keyed.randomOf(index);
    const given: unknown = withKeyedMathRandom(random, () => change(example, random));
    if (given === undefined || given === example) return;
    if (typeof given !== 'object' || given === null || given instanceof Promise) {
      throw refused('', 'must give { x, y }, or nothing when it changed the values', given);
    }
    write(example.x, (given as Partial<Example>).x, 'x');
    write(example.y, (given as Partial<Example>).y, 'y');
  });
  return { ...batch, x, y };
}

/** Brings what the function gave into the copy; what it left out stays. */
function write(into: ExampleSide, given: unknown, path: string): void {
  if (given === undefined || given === into) return;
  if (isArray(into)) {
    writeArray(into, given, path);
    return;
  }
  for (const [name, array] of Object.entries(into)) {
    const other = (given as Readonly<Record<string, unknown>> | null)?.[name];
    if (other !== undefined) writeArray(array, other, `${path}.${name}`);
  }
}

function writeArray({ values, shape }: ExampleArray, given: unknown, path: string): void {
  const found = (given as Partial<ExampleArray> | null)?.values as ArrayLike<number> | undefined;
  if (found?.length === values.length) {
    values.set(found);
    return;
  }
  const rule = `must give ${String(values.length)} values for shape [${shape.join(', ')}]`;
  throw refused(`, ${path}`, rule, found?.length ?? given);
}

function isArray(side: ExampleSide): side is ExampleArray {
  return ArrayBuffer.isView(side.values);
}

function refused(place: string, rule: string, given: unknown): TrainingError {
  const words = `data.augment${place}: ${rule}, gave ${String(given)}`;
  return new TrainingError('bad-data', words, { data: { field: 'data.augment' } });
}
