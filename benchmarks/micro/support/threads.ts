import type { Worker } from 'node:worker_threads';
import { startThread } from './peer.ts';
import { sizeName } from './subject.ts';
import type { Contest, Subject } from './subject.ts';

/**
 * Memory of so many bytes goes to another thread and back. The limit is a futex: both threads sleep in `Atomics.wait`, which a
 * thread with sockets cannot. Paceline sends a message about memory that both see.
 */
export function threadContest(bytes: number): Contest {
  const flag = new Int32Array(new SharedArrayBuffer(4));
  const sleeper = startThread('sleeping-thread', { flag });
  const listener = startThread('listening-thread', {});
  const content = new Uint8Array(bytes).fill(1);
  return {
    name: `between threads, ${sizeName(bytes)} there and back`,
    subjects: [
      { name: 'Atomics.wait, shared memory', bytes: 2 * bytes, run: () => wake(flag) },
      post(listener, { name: 'message, shared memory', bytes, content: { pointer: 64, bytes } }),
      post(listener, { name: 'message with a copy', bytes, content }),
    ],
    dispose: () => Promise.all([sleeper.terminate(), listener.terminate()]),
  };
}

function wake(flag: Int32Array): void {
  Atomics.store(flag, 0, 1);
  Atomics.notify(flag, 0);
  Atomics.wait(flag, 0, 1);
}

function post(
  thread: Worker,
  o: { readonly name: string; readonly bytes: number; readonly content: unknown },
): Subject {
  let arrived = (): void => undefined;
  thread.on('message', () => arrived());
  return {
    name: o.name,
    bytes: 2 * o.bytes,
    run: () =>
      new Promise<void>((resolve) => {
        arrived = resolve;
        thread.postMessage(o.content);
      }),
  };
}
