/**
 * Asks the thread that downloads and waits for its answer: data are read by functions that block, and no promise is kept
 * while they do.
 */
import { MessageChannel, receiveMessageOnPort } from 'node:worker_threads';
import type { MessagePort, Worker } from 'node:worker_threads';
import { TrainingError } from '../../errors.ts';
import { startThread } from '../start-thread.ts';
import { beatPlaces } from './questions.ts';
import type { Question, Reply, ThreadParts } from './questions.ts';

/** The thread, as long as somebody needs it. */
export interface DownloadThread {
  /** Blocks. @throws {TrainingError} what the thread says is wrong. */
  ask(question: Question): Extract<Reply, { readonly kind: 'done' }>;
  /** Ends the thread when nobody else needs it. */
  release(): void;
}

interface Running {
  readonly worker: Worker;
  readonly port: MessagePort;
  readonly beats: Int32Array<SharedArrayBuffer>;
  users: number;
}

let running: Running | undefined;

/** The process has one; it starts when it is first needed. */
export function useDownloadThread(): DownloadThread {
  const thread = running ?? start();
  running = thread;
  thread.users += 1;
  let isUsed = true;
  return {
    ask: (question) => ask(thread, question),
    release() {
      if (!isUsed) return;
      isUsed = false;
      thread.users -= 1;
      if (thread.users > 0) return;
      running = undefined;
      thread.port.close();
      void thread.worker.terminate();
    },
  };
}

function start(): Running {
  const beats = new Int32Array(new SharedArrayBuffer(8));
  const { port1, port2 } = new MessageChannel();
  const workerData: ThreadParts = { beats, port: port2 };
  const worker = startThread('http/thread', {
    ...{ workerData, name: 'downloads', transferList: [port2] },
  });
  port1.unref();
  return { worker, port: port1, beats, users: 0 };
}

/** A thread that starts has no seconds yet. */
const silentMs = 20_000;

function ask({ port, beats }: Running, question: Question): Extract<Reply, { kind: 'done' }> {
  const replies = Atomics.load(beats, beatPlaces.replies);
  port.postMessage(question);
  let seconds = Atomics.load(beats, beatPlaces.seconds);
  while (Atomics.wait(beats, beatPlaces.replies, replies, silentMs) === 'timed-out') {
    const now = Atomics.load(beats, beatPlaces.seconds);
    if (now === seconds) throw new Error('the thread that downloads has ended');
    seconds = now;
  }
  const reply = receiveMessageOnPort(port)?.message as Reply | undefined;
  if (reply?.kind === 'done') return reply;
  if (reply?.kind === 'refused') {
    throw new TrainingError(reply.code, reply.message, { data: reply.data });
  }
  throw new Error(`the thread that downloads: ${reply?.message ?? 'no answer'}`);
}
