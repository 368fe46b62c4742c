/**
 * A dataset of tf.data as a split. It gives its elements in one order, one after the other, and knows no indices: so all of
 * them are read once, and stay in memory.
 */
import { loadTensorFlowJs } from '../../backend/load-tfjs.ts';
import type { TensorFlow } from '../../backend/interface.ts';
import { TrainingError, messageOf } from '../../errors.ts';
import { digestOfArrays } from '../arrays.ts';
import type { NamedArray, Split } from '../dataset.ts';
import { createArraySplit } from '../gather.ts';
import { createCollector } from './collector.ts';
import type { Collector } from './collector.ts';
import { readElement } from './element.ts';

/** What is read of tf.data. */
export interface TfDataSplit {
  /** Gives the dataset; `tf` is TensorFlow.js, whose `tf.data` makes datasets. */
  readonly tfData: (tf: TensorFlow) => unknown;
  /** Elements are batches: they have several examples each. */
  readonly batched?: boolean | undefined;
  /** 1 GiB by default. */
  readonly mostBytes?: number | undefined;
}

/** A dataset of any copy of tf.data. */
interface Iterable {
  iterator(): Promise<{ next(): Promise<{ readonly value: unknown; readonly done: boolean }> }>;
}

const usualBytes = 2 ** 30;

/** Whether a split is one of tf.data. */
export function isTfDataSplit(value: unknown): value is TfDataSplit {
  if (typeof value !== 'object' || value === null) return false;
  return 'tfData' in value && typeof value.tfData === 'function';
}

/**
 * Reads it from the first element to the last. The digest is that of all numbers: workers whose elements come in different
 * orders have different data.
 * @throws {TrainingError} `bad-data` for elements that do not fit each other, none, or more than fit into the memory.
 */
export async function openTfData(given: TfDataSplit, path: string): Promise<Split> {
  const { batched = false, mostBytes = usualBytes } = given;
  const dataset = await given.tfData(loadTensorFlowJs());
  if (!isIterable(dataset)) throw bad(path, 'tfData must give a dataset of tf.data');
  const iterator = await dataset.iterator();
  const [x, y] = [createCollector(), createCollector()];
  for (let element = 0; ; element += 1) {
    const place = `${path}, element ${String(element)}`;
    const { value, done } = await iterator.next().catch((error: unknown) => {
      throw bad(place, messageOf(error), error);
    });
    if (done) break;
    const arrays = await readElement(value, { batched, path: place });
    checkCounts([...arrays.x, ...arrays.y], place);
    x.add(arrays.x, `${place}.xs`);
    y.add(arrays.y, `${place}.ys`);
    if (x.bytes + y.bytes > mostBytes) throw tooLarge(path, mostBytes);
  }
  return createSplit(x, y, path);
}

function createSplit(x: Collector, y: Collector, path: string): Split {
  const arrays = { x: x.finish(), y: y.finish() };
  if (arrays.x.length === 0) throw bad(path, 'the dataset has no element');
  return createArraySplit(arrays, digestOfArrays(arrays.x, arrays.y));
}

function isIterable(value: unknown): value is Iterable {
  if (typeof value !== 'object' || value === null) return false;
  return 'iterator' in value && typeof value.iterator === 'function';
}

function checkCounts(arrays: readonly NamedArray[], place: string): void {
  const counts = new Set(arrays.map(({ shape }) => shape[0]));
  if (counts.size > 1) throw bad(place, `has ${[...counts].join(' and ')} examples`);
}

function tooLarge(path: string, mostBytes: number): TrainingError {
  const words =
    `its elements take more than mostBytes, ${String(mostBytes)} bytes of memory; one that repeats itself has no end, ` +
    'and one that does not fit is better read by index: a file, or dataset({ read })';
  return bad(path, words);
}

function bad(path: string, words: string, cause?: unknown): TrainingError {
  return new TrainingError('bad-data', `${path}: ${words}`, { data: { field: path }, cause });
}
