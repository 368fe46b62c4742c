// The thread that downloads while the one that wants the bytes waits: started by ask-thread.ts.
import { workerData } from 'node:worker_threads';
import { TrainingError } from '../../errors.ts';
import { createBlockStore } from './block-store.ts';
import type { BlockStore } from './block-store.ts';
import { createDownloads } from './download.ts';
import { beatPlaces } from './questions.ts';
import type { Question, Reply, ThreadParts } from './questions.ts';
import type { HttpCacheSettings } from './settings.ts';

const { beats, port } = workerData as ThreadParts;

const attempts = 5;
const pauseMs = 500;
const idleMs = 30_000;

// A thread that is no more does not count seconds: whoever waits for it notices.
setInterval(() => Atomics.add(beats, beatPlaces.seconds, 1), 1000);

const stores = new Map<string, BlockStore>();

function storeOf({ folder, limitBytes }: HttpCacheSettings): BlockStore {
  const key = JSON.stringify([folder, limitBytes]);
  const store = stores.get(key) ?? createBlockStore(folder, limitBytes);
  stores.set(key, store);
  return store;
}

async function answer(question: Question): Promise<Reply> {
  const store = storeOf(question.cache);
  const downloads = createDownloads({ store, fetch, attempts, pauseMs, idleMs });
  try {
    if (question.kind === 'open') {
      return { kind: 'done', file: await downloads.open(question.address) };
    }
    await downloads.bring(question.file, question);
    return { kind: 'done' };
  } catch (error) {
    if (error instanceof TrainingError) {
      const { code, message, data } = error;
      return { kind: 'refused', code, message, data };
    }
    return {
      kind: 'crashed',
      message: error instanceof Error ? (error.stack ?? '') : String(error),
    };
  }
}

port.on('message', (question: Question) => {
  void answer(question).then((reply) => {
    port.postMessage(reply);
    Atomics.add(beats, beatPlaces.replies, 1);
    Atomics.notify(beats, beatPlaces.replies);
  });
});
