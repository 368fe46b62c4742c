import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { within } from '../support/deadline.ts';
import type { Counts } from './probes/tally.ts';
import { divide, subtract } from './probes/tally.ts';
import type { ServerThreadOptions } from './roles/server-thread.ts';
import type { WorkersThreadOptions } from './roles/workers-thread.ts';

/** What one step takes: in the server, and in the communication threads of all workers together. */
export interface StepCounts {
  readonly server: Counts;
  readonly workers: Counts;
}

/** A run to count. */
export interface CountedRun {
  readonly listen: string;
  readonly workers: number;
}

/**
 * The run stands still at these steps, and everything is counted there. What it takes to stand still and go on is in both of the
 * spans between them, so that their difference is 10 steps and nothing else. All numbers below 128: each has one byte.
 */
const holdAt = [5, 10, 25] as const;
const countedSteps = 10;
const patienceMs = 30_000;

/** Runs a server and workers for 25 steps, each of both in a thread of its own that counts. */
export async function countStep(run: CountedRun): Promise<StepCounts> {
  const serverOptions: ServerThreadOptions = { ...run, holdAt };
  const server = await startRole('server-thread', serverOptions);
  const workersOptions: WorkersThreadOptions = { url: String(server.first), workers: run.workers };
  const workers = await startRole('workers-thread', workersOptions);
  try {
    const stops: StepCounts[] = [];
    for (const step of holdAt) {
      if (stops.length > 0) await server.ask('resume');
      stops.push(await countAt(step, server, workers));
    }
    const [first, second, third] = stops as [StepCounts, StepCounts, StepCounts];
    const perStep = (side: keyof StepCounts): Counts => {
      const [short, long] = [
        subtract(second[side], first[side]),
        subtract(third[side], second[side]),
      ];
      return divide(subtract(long, short), countedSteps);
    };
    return { server: perStep('server'), workers: perStep('workers') };
  } finally {
    await server.ask('stop');
    await Promise.all([server.end(), workers.end()]);
  }
}

/** A thread, and what it answers. */
interface Role {
  readonly first: unknown;
  ask(question: string): Promise<unknown>;
  end(): Promise<unknown>;
}

async function startRole(name: string, options: object): Promise<Role> {
  const file = new URL(`./roles/${name}.ts`, import.meta.url);
  const thread = new Worker(file, {
    workerData: options,
    execArgv: ['--conditions=paceline-source'],
  });
  const nextAnswer = (): Promise<unknown> => {
    const answered = once(thread, 'message').then(([message]: unknown[]) => message);
    return within(answered, patienceMs, () => `an answer of the ${name}`);
  };
  return {
    first: await nextAnswer(),
    ask(question) {
      thread.postMessage(question);
      return nextAnswer();
    },
    end: () => thread.terminate(),
  };
}

interface Answer {
  readonly counts: Counts;
  readonly heldAt?: number;
}

/** The counts when the run stands at a step and everything that was sent has come, which it does within milliseconds. */
async function countAt(step: number, server: Role, workers: Role): Promise<StepCounts> {
  const endMs = performance.now() + patienceMs;
  while (performance.now() < endMs) {
    const there = (await workers.ask('count')) as Answer;
    const here = (await server.ask('count')) as Answer;
    if (here.heldAt !== step) continue;
    const isQuiet =
      here.counts['socket bytes read'] === there.counts['socket bytes written'] &&
      here.counts['socket bytes written'] === there.counts['socket bytes read'];
    if (isQuiet) return { server: here.counts, workers: there.counts };
  }
  throw new Error(`the run does not come to rest before step ${step}`);
}
