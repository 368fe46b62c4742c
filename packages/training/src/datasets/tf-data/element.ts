/** What tf.data gives one after the other, as numbers. */
import { TrainingError } from '../../errors.ts';
import { fieldOf } from '../fields.ts';
import type { ArrayValue, NumberArray } from '../fields.ts';
import type { NamedArray } from '../dataset.ts';

/** How elements are read. */
export interface ElementForm {
  /** Elements have several examples each, in their first dimension. */
  readonly batched: boolean;
  /** For messages. */
  readonly path: string;
}

/** The arrays of an element: examples in their first dimension. */
export interface ElementArrays {
  readonly x: readonly NamedArray[];
  readonly y: readonly NamedArray[];
}

/** A tensor of any copy of TensorFlow.js. */
interface AnyTensor {
  readonly shape: readonly number[];
  readonly dtype: string;
  data(): Promise<NumberArray>;
  dispose(): void;
}

/**
 * Reads an element, `{ xs, ys }`, `{ x, y }` or `[x, y]`, and gives its tensors back.
 * @throws {TrainingError} `bad-data` for another form, or what is no numbers.
 */
export async function readElement(element: unknown, how: ElementForm): Promise<ElementArrays> {
  const { path } = how;
  const [x, y] = pairOf(element) ?? [];
  if (x === undefined || y === undefined) {
    const words = `${path}: an element must be { xs, ys } or [x, y], got ${shown(element)}`;
    throw new TrainingError('bad-data', words, { data: { field: path } });
  }
  return {
    x: await readSide(x, { ...how, path: `${path}.xs` }),
    y: await readSide(y, { ...how, path: `${path}.ys` }),
  };
}

function pairOf(element: unknown): readonly [unknown, unknown] | undefined {
  if (Array.isArray(element)) return element.length === 2 ? [element[0], element[1]] : undefined;
  if (typeof element !== 'object' || element === null) return undefined;
  const { xs, ys, x = xs, y = ys } = element as Readonly<Record<string, unknown>>;
  return [x, y];
}

async function readSide(side: unknown, how: ElementForm): Promise<readonly NamedArray[]> {
  if (!isNamed(side)) return fieldOf(await valueOf(side, how), how.path);
  const entries = Object.entries(side).map(
    async ([name, value]) => [name, await valueOf(value, how)] as const,
  );
  return fieldOf(Object.fromEntries(await Promise.all(entries)), how.path);
}

/** The value with the number of examples as its first dimension: 1 where it is one example. */
async function valueOf(value: unknown, { batched, path }: ElementForm): Promise<ArrayValue> {
  if (isTensor(value)) {
    const { shape, dtype } = value;
    if (dtype === 'string' || dtype === 'complex64') {
      throw new TrainingError('bad-data', `${path}: must be numbers, got a tensor of ${dtype}`, {
        data: { field: path },
      });
    }
    const values = await value.data();
    value.dispose();
    if (batched) return { values, shape };
    return { values, shape: [1, ...(shape.length === 0 ? [1] : shape)] };
  }
  if (batched) return value as ArrayValue;
  if (ArrayBuffer.isView(value)) {
    const values = value as NumberArray;
    return { values, shape: [1, values.length] };
  }
  return [typeof value === 'boolean' ? Number(value) : value] as ArrayValue;
}

function isTensor(value: unknown): value is AnyTensor {
  return typeof value === 'object' && value !== null && 'dispose' in value && 'dtype' in value;
}

function isNamed(side: unknown): side is Readonly<Record<string, unknown>> {
  const isObject = typeof side === 'object' && side !== null;
  return isObject && !Array.isArray(side) && !ArrayBuffer.isView(side) && !isTensor(side);
}

function shown(element: unknown): string {
  if (typeof element !== 'object' || element === null) return String(element);
  return Array.isArray(element)
    ? `a list of ${String(element.length)}`
    : `{ ${Object.keys(element).join(', ')} }`;
}
