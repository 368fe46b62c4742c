/** Data given as arrays: nested lists of numbers (what a JSON job can hold), or typed arrays with a shape. */
import { TrainingError } from '../errors.ts';
import type { Dataset, NamedArray, Split } from './dataset.ts';
import { createDataset } from './dataset.ts';
import { bytesOf, digestOf } from './digest.ts';
import { createArraySplit } from './gather.ts';
import { fieldOf } from './fields.ts';

/** The examples of a split: the first dimension of each array counts them. */
export interface ArraySplitSettings {
  /** A `FieldValue`, checked when the data is opened. */
  readonly x: unknown;
  readonly y: unknown;
  /** Weights of the examples; for several outputs one array for all, or by their names. */
  readonly sampleWeight?: unknown;
}

/** Settings of `{ type: 'arrays' }`. Several inputs or outputs are given by name. */
export interface ArraysSettings {
  readonly type: 'arrays';
  readonly train: ArraySplitSettings;
  readonly test?: ArraySplitSettings | undefined;
}

/** @throws {TrainingError} `bad-data`, naming the field, for ragged lists, no numbers, or different counts. */
export function openArrays(settings: ArraysSettings): Dataset {
  const train = openSplit(settings.train, 'data.train');
  const test = settings.test === undefined ? undefined : openSplit(settings.test, 'data.test');
  return createDataset(train, test);
}

function openSplit(settings: ArraySplitSettings, path: string): Split {
  const x = fieldOf(settings.x, `${path}.x`);
  const y = fieldOf(settings.y, `${path}.y`);
  const { sampleWeight } = settings;
  const weights = sampleWeight === undefined ? [] : fieldOf(sampleWeight, `${path}.sampleWeight`);
  checkCounts([...x, ...y, ...weights], path);
  const digest = digestOfArrays(x, y, weights);
  return createArraySplit(weights.length === 0 ? { x, y } : { x, y, weights }, digest);
}

/** Names, shapes and bytes; the same whether the numbers came as lists or as typed arrays. */
export function digestOfArrays(
  x: readonly NamedArray[],
  y: readonly NamedArray[],
  weights: readonly NamedArray[] = [],
): string {
  const parts = (side: string, arrays: readonly NamedArray[]): readonly (string | Uint8Array)[] =>
    arrays.flatMap((array) => [
      `${side} ${JSON.stringify(array.name)} ${JSON.stringify(array.shape)}`,
      bytesOf(array.values),
    ]);
  return digestOf([...parts('x', x), ...parts('y', y), ...parts('weights', weights)]);
}

function checkCounts(arrays: readonly NamedArray[], path: string): void {
  const counts = new Set(arrays.map((array) => array.shape[0] ?? 0));
  if (counts.size === 1 && !counts.has(0)) return;
  const found = arrays.map(
    (array) => `${array.name === '' ? 'an array' : array.name} with ${String(array.shape[0] ?? 0)}`,
  );
  throw new TrainingError(
    'bad-data',
    `${path}: all inputs and labels need the same number of examples, at least one; found ${found.join(', ')}`,
    { data: { field: path } },
  );
}
