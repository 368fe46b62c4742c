import type { MessagePort } from 'node:worker_threads';
import { parentPort } from 'node:worker_threads';
import { countKernels } from '../probes/kernels.ts';
import { countMemory } from '../probes/memory.ts';
import { watchSockets } from '../probes/sockets.ts';
import type { Counts, Tally } from '../probes/tally.ts';
import { createTally } from '../probes/tally.ts';

/** What a role of the counted run can be asked for by the test. Each question has one answer. */
export type Questions = Readonly<Record<string, () => unknown>>;

/** The counters of this thread. */
export interface Counters {
  /** For what the role itself counts. */
  readonly tally: Tally;
  /** Everything. */
  readonly read: () => Counts;
}

/** Starts to count, before anything of the role is made. */
export function startCounting(): Counters {
  const tally = createTally();
  countMemory(tally);
  countKernels(tally);
  const readSockets = watchSockets();
  return { tally, read: () => ({ ...tally.read(), ...readSockets() }) };
}

/** Answers the test, one question after the other; `first` is the answer to none. */
export function answer(first: unknown, questions: Questions): void {
  const port = portOfTest();
  port.on('message', (question: string) => {
    void Promise.resolve(questions[question]?.()).then((found) => {
      port.postMessage(found);
    });
  });
  port.postMessage(first);
}

function portOfTest(): MessagePort {
  if (parentPort === null) throw new Error('a role of the counted run is a thread of a test');
  return parentPort;
}
