import { Worker } from 'node:worker_threads';
import { ServerError } from '../errors.ts';
import { giveAway } from './give-away.ts';
import type { CheckpointImage, WrittenCheckpoint } from './storage.ts';
import type { WriterOptions, WriterReply } from './writer-thread.ts';

type Written = Omit<WrittenCheckpoint, 'tookMs'>;

/** Writes checkpoints in a thread, so that hashing and fsync do not stop the server. */
export interface CheckpointWriter {
  /** Takes the image over. @throws ServerError `checkpoint-failed` */
  write(image: CheckpointImage): Promise<Written>;
  /** Waits for what was begun, and ends the thread. */
  close(): Promise<void>;
}

/** Creates the writer of a folder. Its thread starts with the first image; one that died is replaced at the next. */
export function createWriter(options: WriterOptions): CheckpointWriter {
  const waiting: PromiseWithResolvers<Written>[] = [];
  let thread: Worker | undefined;
  let isClosed = false;

  const giveUp = (words: string, cause?: unknown): void => {
    thread = undefined;
    const error = new ServerError('checkpoint-failed', words, { cause });
    for (const { reject } of waiting.splice(0)) reject(error);
  };
  const onReply = (reply: WriterReply): void => {
    const { resolve, reject } = waiting.shift() ?? Promise.withResolvers<Written>();
    // A thread with nothing to do does not keep the process alive.
    if (waiting.length === 0) thread?.unref();
    if (reply.kind === 'written') resolve(reply.written);
    else reject(new ServerError('checkpoint-failed', reply.message));
  };
  const start = (): Worker => {
    const started = startThread(options);
    started.on('message', onReply);
    started.on('error', (cause) => {
      const words = cause instanceof Error ? cause.message : String(cause);
      giveUp(`the thread that writes checkpoints failed: ${words}`, cause);
    });
    started.on('exit', (code) => {
      if (thread === started)
        giveUp(`the thread that writes checkpoints ended with code ${String(code)}`);
    });
    return started;
  };

  return {
    async write(given) {
      if (isClosed) throw new ServerError('checkpoint-failed', 'the checkpoints are closed');
      const { image, transfer } = giveAway(given);
      const written = Promise.withResolvers<Written>();
      thread ??= start();
      thread.postMessage(image, transfer);
      waiting.push(written);
      thread.ref();
      return written.promise;
    },
    async close() {
      isClosed = true;
      await Promise.allSettled(waiting.map(({ promise }) => promise));
      const ending = thread;
      thread = undefined;
      await ending?.terminate();
    },
  };
}

function startThread(workerData: WriterOptions): Worker {
  const name = 'checkpoints';
  // Beside this file: a source in the repository, which imports sources, or a build product in the package.
  if (!import.meta.url.endsWith('.ts')) {
    return new Worker(new URL('./writer-thread.js', import.meta.url), { workerData, name });
  }
  const file = new URL('./writer-thread.ts', import.meta.url);
  return new Worker(file, { workerData, name, execArgv: ['--conditions=paceline-source'] });
}
