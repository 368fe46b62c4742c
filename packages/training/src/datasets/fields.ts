/** What a user may give as `x` or `y`, and the arrays that it means. */
import { TrainingError } from '../errors.ts';
import type { NamedArray } from './dataset.ts';

/** Lists of numbers nested to any depth. */
export type NestedNumbers = readonly (number | NestedNumbers)[];

/** Kinds of typed arrays that are taken; integers other than Int32 are given to the model as Float32. */
export type NumberArray =
  | Float32Array
  | Float64Array
  | Int32Array
  | Uint32Array
  | Int16Array
  | Uint16Array
  | Int8Array
  | Uint8Array
  | Uint8ClampedArray;

/** A typed array with its shape, the number of examples first. */
export interface ShapedArray {
  readonly values: NumberArray;
  readonly shape: readonly number[];
}

/** One array: lists, typed array with shape, or typed array of one number per example. */
export type ArrayValue = NestedNumbers | NumberArray | ShapedArray;

/** One array, or several by the name of the input or output. */
export type FieldValue = ArrayValue | Readonly<Record<string, ArrayValue>>;

/**
 * The arrays of a field. One number per example becomes shape [n, 1], as in tfjs. Float32Array and Int32Array are
 * kept, not copied.
 * @throws {TrainingError} `bad-data`, naming `path`.
 */
export function fieldOf(value: unknown, path: string): readonly NamedArray[] {
  if (isArrayValue(value)) return [arrayOf('', value, path)];
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) {
    throw notNumbers(path, value);
  }
  const entries: (readonly [string, unknown])[] = Object.entries(value);
  if (entries.length === 0) throw notNumbers(path, 'no arrays');
  return entries.map(([name, array]) => arrayOf(name, array, `${path}.${name}`));
}

function isArrayValue(value: unknown): value is ArrayValue {
  return Array.isArray(value) || isNumberArray(value) || isShaped(value);
}

function isNumberArray(value: unknown): value is NumberArray {
  return ArrayBuffer.isView(value) && !(value instanceof DataView) && !isBigIntArray(value);
}

function isBigIntArray(value: object): boolean {
  return value instanceof BigInt64Array || value instanceof BigUint64Array;
}

function isShaped(value: unknown): value is ShapedArray {
  if (typeof value !== 'object' || value === null) return false;
  return 'values' in value && isNumberArray(value.values) && 'shape' in value;
}

function arrayOf(name: string, value: unknown, path: string): NamedArray {
  if (isShaped(value)) return shaped({ name, values: value.values, shape: value.shape }, path);
  if (isNumberArray(value)) return shaped({ name, values: value, shape: [value.length] }, path);
  if (!Array.isArray(value)) throw notNumbers(path, value);
  const list = value as NestedNumbers;
  const shape = shapeOf(list);
  const values = new Float32Array(sizeOf(shape));
  fill({ values, shape, path }, list, 0);
  return withColumns({ name, values, shape });
}

function shaped(
  { name, values, shape }: { name: string; values: NumberArray; shape: readonly number[] },
  path: string,
): NamedArray {
  if (sizeOf(shape) !== values.length) {
    throw new TrainingError(
      'bad-data',
      `${path}: shape [${shape.join(', ')}] needs ${String(sizeOf(shape))} values, there are ${String(values.length)}`,
      { data: { field: path } },
    );
  }
  const kept = values instanceof Float32Array || values instanceof Int32Array;
  return withColumns({ name, values: kept ? values : Float32Array.from(values), shape });
}

function withColumns(array: NamedArray): NamedArray {
  return array.shape.length === 1 ? { ...array, shape: [...array.shape, 1] } : array;
}

function shapeOf(value: NestedNumbers): readonly number[] {
  const first = value[0];
  return Array.isArray(first) ? [value.length, ...shapeOf(first as NestedNumbers)] : [value.length];
}

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, dimension) => product * dimension, 1);
}

interface FillTarget {
  readonly values: Float32Array;
  readonly shape: readonly number[];
  readonly path: string;
}

/** Writes a list of depth `axis` and everything in it; returns nothing, throws at the first element that does not fit. */
function fill(target: FillTarget, list: NestedNumbers, start: number, axis = 0): void {
  const { values, shape, path } = target;
  if (list.length !== shape[axis]) {
    const found = `${String(list.length)} elements where the first list has ${String(shape[axis])}`;
    throw new TrainingError('bad-data', `${path}: lists of different lengths (${found})`, {
      data: { field: path },
    });
  }
  const stride = sizeOf(shape.slice(axis + 1));
  list.forEach((element, index) => {
    const at = start + index * stride;
    const inner: unknown = element;
    if (axis + 1 < shape.length) {
      if (!Array.isArray(inner)) throw notNumbers(`${path}[${String(index)}]`, inner);
      fill(
        { values, shape, path: `${path}[${String(index)}]` },
        inner as NestedNumbers,
        at,
        axis + 1,
      );
    } else {
      if (typeof inner !== 'number') throw notNumbers(`${path}[${String(index)}]`, inner);
      values[at] = inner;
    }
  });
}

function notNumbers(path: string, value: unknown): TrainingError {
  const found = ArrayBuffer.isView(value) ? value.constructor.name : words(value);
  return new TrainingError(
    'bad-data',
    `${path}: must be numbers (nested lists, a typed array, or { values, shape }), got ${found.slice(0, 80)}`,
    { data: { field: path } },
  );
}

function words(value: unknown): string {
  if (typeof value === 'object' || typeof value === 'string') return JSON.stringify(value);
  return typeof value === 'number' || value === undefined ? String(value) : `a ${typeof value}`;
}
