import { PacelineError } from '../errors.ts';
import type { FitArray, FitArrays, FitTensor, FitTypedArray } from './types.ts';

/** An input or output of the model. */
export interface Socket {
  readonly name: string;
  /** Of a batch: the first dimension counts examples, null is any. */
  readonly shape: readonly (number | null)[];
}

/** Numbers with their shape, examples first. The memory may be that of a tensor: it is only read. */
export interface ShapedArray {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: FitTypedArray;
  /** They are 0 and 1. */
  readonly isBool: boolean;
}

/** Which part of the data it is, for messages. */
export type Side = 'x' | 'y' | 'sampleWeight' | `validationData[${0 | 1 | 2}]`;

/**
 * The arrays of all sockets, in their order, as `fit` understands them: one, a list, or by name; one number an example is
 * [n, 1]. Tensors are read once.
 *
 * @throws PacelineError `bad-data`, naming what the model wants and what there is
 */
export async function readArrays(
  side: Side,
  given: FitArrays,
  sockets: readonly Socket[],
): Promise<readonly ShapedArray[]> {
  refuseDatasets(side, given);
  const arrays = forSockets(side, given, sockets);
  const read: ShapedArray[] = [];
  for (const [i, socket] of sockets.entries()) {
    const array = arrays[i];
    if (array === undefined) throw wrong(side, `there is nothing for "${socket.name}"`);
    const found = await readArray(`${side} for "${socket.name}"`, array, socket);
    read.push(checkShape(side, found, socket));
  }
  return read;
}

/**
 * An array of any shape that says its own; one without is [n].
 *
 * @throws PacelineError `bad-data`
 */
export async function readLooseArray(
  side: Side,
  name: string,
  array: FitArray,
): Promise<ShapedArray> {
  refuseDatasets(side, array);
  return readArray(side, array, { name, shape: [null] });
}

/** @throws PacelineError `bad-data` unless all arrays have as many examples; gives how many */
export function countExamples(arrays: readonly ShapedArray[]): number {
  const counts = arrays.map(({ shape }) => shape[0] ?? 0);
  const [first = 0] = counts;
  if (first > 0 && counts.every((count) => count === first)) return first;
  const words = arrays.map(({ name }, i) => `"${name}" has ${String(counts[i])}`).join(', ');
  throw wrong('', `all arrays need the same number of examples, at least one: ${words}`);
}

function forSockets(
  side: Side,
  given: FitArrays,
  sockets: readonly Socket[],
): readonly (FitArray | undefined)[] {
  if (isTensor(given) || ArrayBuffer.isView(given)) return onlyOne(side, given, sockets);
  if (!Array.isArray(given)) {
    const named = given as Readonly<Record<string, FitArray>>;
    return sockets.map(({ name }) => (Object.hasOwn(named, name) ? named[name] : undefined));
  }
  const list = given as readonly FitArray[];
  const isListOfArrays = list.some((each) => isTensor(each) || ArrayBuffer.isView(each));
  if (sockets.length === 1 && !isListOfArrays) return [list as FitArray];
  if (list.length === sockets.length) return list;
  throw wrong(
    side,
    `a list of ${list.length} arrays was given; the model wants ${sockets.length}: ${namesOf(sockets)}`,
  );
}

function onlyOne(side: Side, given: FitArray, sockets: readonly Socket[]): readonly FitArray[] {
  if (sockets.length === 1) return [given];
  throw wrong(side, `one array was given; the model wants ${namesOf(sockets)}`);
}

async function readArray(
  what: string,
  array: FitArray,
  { name, shape }: Socket,
): Promise<ShapedArray> {
  if (isTensor(array)) return { name, ...(await readTensor(what, array)) };
  if (ArrayBuffer.isView(array)) return { name, ...withShape(what, array, shape) };
  const dimensions = shapeOfNested(array);
  const size = dimensions.reduce((product, dimension) => product * dimension, 1);
  const values = new Float32Array(size);
  if (fill(values, { list: array, shape: dimensions, offset: 0 }) === size) {
    return { name, shape: dimensions, values, isBool: false };
  }
  throw wrong(
    what,
    `lists of numbers must all be of the shape [${dimensions.join(', ')}], as the first ones are`,
  );
}

async function readTensor(what: string, tensor: FitTensor): Promise<Omit<ShapedArray, 'name'>> {
  if (tensor.isDisposed) throw wrong(what, 'the tensor is disposed');
  const values = await tensor.data();
  if (!ArrayBuffer.isView(values)) throw wrong(what, `a tensor of ${tensor.dtype} is no numbers`);
  const isBool = tensor.dtype === 'bool';
  return { shape: [...tensor.shape], values: values as FitTypedArray, isBool };
}

function withShape(
  what: string,
  values: FitTypedArray,
  shape: Socket['shape'],
): Omit<ShapedArray, 'name'> {
  const own = shape.slice(1);
  if (own.includes(null)) {
    throw wrong(
      what,
      `a ${values.constructor.name} has no shape, and the model takes ${words(shape)}: give a tensor`,
    );
  }
  const size = own.reduce<number>((product, dimension) => product * (dimension ?? 1), 1);
  if (values.length % size !== 0) {
    throw wrong(what, `${values.length} numbers are no whole examples of shape ${words(shape)}`);
  }
  const dimensions = own.map((dimension) => dimension ?? 1);
  return { shape: [values.length / size, ...dimensions], values, isBool: false };
}

function shapeOfNested(list: unknown): readonly number[] {
  return Array.isArray(list) ? [list.length, ...shapeOfNested(list[0])] : [];
}

/** Copies lists in lists; how many numbers there were, NaN when they are not of the shape. */
function fill(
  into: Float32Array,
  o: { readonly list: unknown; readonly shape: readonly number[]; readonly offset: number },
): number {
  const { list, shape, offset } = o;
  const [length, ...rest] = shape;
  if (length === undefined) {
    if (typeof list !== 'number' && typeof list !== 'boolean') return NaN;
    into[offset] = Number(list);
    return 1;
  }
  if (!Array.isArray(list) || list.length !== length) return NaN;
  let count = 0;
  for (const each of list as readonly unknown[]) {
    count += fill(into, { list: each, shape: rest, offset: offset + count });
    if (Number.isNaN(count)) return NaN;
  }
  return count;
}

function checkShape(side: Side, array: ShapedArray, socket: Socket): ShapedArray {
  const shape = array.shape.length === 1 ? [...array.shape, 1] : array.shape;
  const fits =
    shape.length === socket.shape.length &&
    socket.shape.every((wanted, i) => i === 0 || wanted === null || wanted === shape[i]);
  if (fits) return { ...array, shape };
  throw wrong(
    side,
    `"${socket.name}" of the model takes examples of shape ${words(socket.shape)}, the data has ${words(shape)} ` +
      `(in all [${array.shape.join(', ')}])`,
  );
}

function refuseDatasets(side: Side, given: unknown): void {
  if (typeof given !== 'object' || given === null) {
    throw wrong(side, `needs tensors, typed arrays or lists of numbers, got ${String(given)}`);
  }
  if (!('forEachAsync' in given || 'iterator' in given)) return;
  throw wrong(
    side,
    'a tf.data.Dataset gives its examples once, in its own order, and cannot be read by index. Give tensors, for ' +
      'example of await dataset.toArray(), or write a job file with data of files or of a function',
  );
}

function isTensor(value: unknown): value is FitTensor {
  return typeof value === 'object' && value !== null && 'isDisposed' in value && 'data' in value;
}

function namesOf(sockets: readonly Socket[]): string {
  return sockets.map(({ name }) => `"${name}"`).join(', ');
}

function words(shape: readonly (number | null)[]): string {
  return `[${shape
    .slice(1)
    .map((each) => String(each ?? 'any'))
    .join(', ')}]`;
}

function wrong(what: string, reason: string): PacelineError {
  return new PacelineError('bad-data', `${what === '' ? '' : `${what}: `}${reason}.`);
}
