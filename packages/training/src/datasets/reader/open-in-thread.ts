/** Data that another thread of the process reads, so that reading them holds up no computation. */
import type { Worker } from 'node:worker_threads';
import { TrainingError } from '../../errors.ts';
import type { Batch, Dataset, DatasetOptions, Split } from '../dataset.ts';
import { createDataset } from '../dataset.ts';
import type { DataSettings } from '../registry.ts';
import { startThread } from '../start-thread.ts';
import type { ReaderMessage, ReadOrder, SentError, SplitFacts, SplitName } from './messages.ts';

/**
 * Opens the data in a thread of their own, which ends when both splits are closed.
 * @throws {TrainingError} as `openDataset` does; so do the promises of `read`.
 */
export async function openInThread(
  settings: DataSettings,
  options: DatasetOptions,
): Promise<Dataset<Promise<Batch>>> {
  const reader = new Reader(
    startThread('reader/thread', { name: 'reader', workerData: { settings, options } }),
  );
  const { train, test } = await reader.opened;
  return createDataset(reader.split('train', train), test && reader.split('test', test));
}

type Opened = Extract<ReaderMessage, { readonly kind: 'opened' }>;

class Reader {
  readonly opened: Promise<Opened>;
  private readonly worker: Worker;
  private readonly opening = Promise.withResolvers<Opened>();
  private readonly waiting = new Map<number, PromiseWithResolvers<Batch>>();
  private readonly open = new Set<SplitName>();
  private orders = 0;

  constructor(worker: Worker) {
    this.worker = worker;
    this.opened = this.opening.promise;
    // Whoever waits for it must not end meanwhile.
    worker.ref();
    worker.on('message', this.take);
    worker.on('error', (error) => {
      this.giveUp(error instanceof Error ? error : new Error(String(error)));
    });
    worker.on('exit', () => {
      this.giveUp(new Error('the thread that reads the data has ended'));
    });
  }

  split(name: SplitName, facts: SplitFacts): Split<Promise<Batch>> {
    this.open.add(name);
    return {
      ...facts,
      read: (indices, step) => this.order({ split: name, indices, step }),
      close: () => {
        if (this.open.delete(name) && this.open.size === 0) void this.worker.terminate();
      },
    };
  }

  private order(order: Omit<ReadOrder, 'id'>): Promise<Batch> {
    const id = (this.orders += 1);
    const answer = Promise.withResolvers<Batch>();
    this.waiting.set(id, answer);
    this.worker.ref();
    this.worker.postMessage({ ...order, id } satisfies ReadOrder);
    return answer.promise;
  }

  private readonly take = (message: ReaderMessage): void => {
    switch (message.kind) {
      case 'opened':
        this.opening.resolve(message);
        break;
      case 'not-opened':
        this.opening.reject(received(message.error));
        void this.worker.terminate();
        break;
      case 'batch':
        this.waiting.get(message.id)?.resolve(message.batch);
        this.waiting.delete(message.id);
        break;
      case 'not-read':
        this.waiting.get(message.id)?.reject(received(message.error));
        this.waiting.delete(message.id);
    }
    if (this.waiting.size === 0) this.worker.unref();
  };

  private giveUp(error: Error): void {
    this.opening.reject(error);
    for (const { reject } of this.waiting.values()) reject(error);
    this.waiting.clear();
  }
}

function received({ code, message, data }: SentError): Error {
  if (code === undefined) return new Error(message);
  return new TrainingError(code, message, data === undefined ? {} : { data });
}
