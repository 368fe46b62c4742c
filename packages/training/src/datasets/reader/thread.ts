// The thread that opens the data and reads them, while the one that wants them computes: started by open-in-thread.ts.
import { parentPort, workerData } from 'node:worker_threads';
import { messageOf, TrainingError } from '../../errors.ts';
import type { AnyDataset, AnySplit, Batch, NamedArray } from '../dataset.ts';
import { openDataset } from '../registry.ts';
import type { ReaderMessage, ReaderParts, ReadOrder, SentError, SplitFacts } from './messages.ts';

const { settings, options } = workerData as ReaderParts;
const port = parentPort;
if (port === null) throw new Error('this is the module of a thread');

const say = (message: ReaderMessage, transfer: readonly ArrayBuffer[] = []): void => {
  port.postMessage(message, [...transfer]);
};

try {
  const dataset = await openDataset(settings, undefined, options);
  say({
    kind: 'opened',
    train: factsOf(dataset.train),
    test: dataset.test && factsOf(dataset.test),
  });
  let last = Promise.resolve();
  port.on('message', (order: ReadOrder) => {
    last = last.then(() => read(dataset, order));
  });
} catch (error) {
  say({ kind: 'not-opened', error: sent(error) });
}

async function read(dataset: AnyDataset, { id, split, indices, step }: ReadOrder): Promise<void> {
  try {
    const batch = ownCopy(await (dataset[split] ?? dataset.train).read(indices, step));
    const arrays = [...batch.x, ...batch.y, ...(batch.weights ?? [])];
    say(
      { kind: 'batch', id, batch },
      arrays.map(({ values }) => values.buffer as ArrayBuffer),
    );
  } catch (error) {
    say({ kind: 'not-read', id, error: sent(error) });
  }
}

/** A split may use its arrays again; what moves to another thread is gone here. */
function ownCopy({ examples, x, y, weights }: Batch): Batch {
  const copy = (arrays: readonly NamedArray[]): readonly NamedArray[] =>
    arrays.map((array) => ({ ...array, values: array.values.slice() }));
  const rest = weights === undefined ? {} : { weights: copy(weights) };
  return { examples, x: copy(x), y: copy(y), ...rest };
}

function factsOf({ examples, digest, notices = [], blocks }: AnySplit): SplitFacts {
  return { examples, digest, notices, ...(blocks === undefined ? {} : { blocks }) };
}

function sent(error: unknown): SentError {
  if (!(error instanceof TrainingError)) return { message: messageOf(error) };
  return { code: error.code, message: error.message, data: error.data };
}
