import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { startCommanded } from '../../../packages/benchmark/src/contestants/commanded-process.ts';
import type { CommandedProcess } from '../../../packages/benchmark/src/contestants/commanded-process.ts';
import type { Block, Contestant } from '../../../packages/benchmark/src/contestants/contestant.ts';
import { collectorFlags } from '../../../packages/paceline/src/tune-collector.ts';
import type { ServerBlock, ServerPlan } from './server-plan.ts';
import { longestUnreadBytes } from './unread-bytes.ts';

/** A block of steps of a server with so many workers. */
export interface GrowthBlock extends Block, ServerBlock {
  readonly steps: number;
  /** The most that had arrived on one connection and was not read yet, as far as samples show; undefined without /proc. */
  readonly longestUnreadBytes: number | undefined;
}

const workersInProcess = 128;
const unreadEveryMs = 100;

/** A server and its workers, which hold between blocks. */
export interface GrowthContestant extends Contestant {
  readonly workers: number;
  readonly blocks: readonly GrowthBlock[];
}

/** Starts a server and its workers over TCP on this machine, as many of them in a process as it holds. */
export async function startGrowth(
  plan: ServerPlan,
  serverFlags: readonly string[] = [],
): Promise<GrowthContestant> {
  await using stack = new AsyncDisposableStack();
  const server = stack.use(startProgram('server-process.ts', [JSON.stringify(plan)], serverFlags));
  const { url } = (await server.ask('')) as { readonly url: string };
  const crowds = firstOf(plan.workers).map((first) => {
    const end = Math.min(first + workersInProcess, plan.workers);
    return stack.use(startProgram('workers-process.ts', [url, String(first), String(end)]));
  });
  await Promise.all(crowds.map((crowd) => crowd.ask('')));
  await server.ask(''); // warm
  return new Growth({ plan, server, url, rest: stack.move() });
}

interface Started {
  readonly plan: ServerPlan;
  readonly server: CommandedProcess;
  readonly url: string;
  readonly rest: AsyncDisposableStack;
}

class Growth implements GrowthContestant {
  readonly name: string;
  readonly workers: number;
  readonly blocks: GrowthBlock[] = [];
  private readonly started: Started;

  constructor(started: Started) {
    this.started = started;
    this.workers = started.plan.workers;
    this.name = `${started.plan.workers} workers`;
  }

  async block(): Promise<GrowthBlock> {
    const { plan, server, url } = this.started;
    const stop = watchUnread(Number(new URL(url).port));
    const told = (await server.ask('block')) as unknown as ServerBlock;
    const unread = stop();
    const steps = plan.blockSteps;
    const block: GrowthBlock = {
      ...told,
      steps,
      longestUnreadBytes: unread,
      msPerStep: (told.seconds * 1000) / steps,
      cpuMsPerStep: { server: told.cpuMs / steps },
      peakBytes: { server: told.residentPeakBytes },
    };
    this.blocks.push(block);
    return block;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.started.rest.disposeAsync();
  }
}

/** Samples until it is told to stop; the most that was seen. */
function watchUnread(port: number): () => number | undefined {
  let most: number | undefined;
  const look = (): void => {
    const bytes = longestUnreadBytes(readTable(), port);
    if (bytes !== undefined) most = Math.max(most ?? 0, bytes);
  };
  const timer = setInterval(look, unreadEveryMs);
  return () => {
    clearInterval(timer);
    return most;
  };
}

function readTable(): string | undefined {
  try {
    return readFileSync('/proc/net/tcp', 'utf8');
  } catch {
    return undefined; // another system than Linux
  }
}

/** The first numbers of the crowds. */
function firstOf(workers: number): readonly number[] {
  const crowds = Math.ceil(workers / workersInProcess);
  return Array.from({ length: crowds }, (_, i) => i * workersInProcess);
}

/** The flags are those of both programs; the environment is that of who calls, as on a machine without a launcher. */
function startProgram(
  file: string,
  args: readonly string[],
  flags: readonly string[] = [],
): CommandedProcess {
  const path = fileURLToPath(new URL(file, import.meta.url));
  const all = ['--conditions=paceline-source', ...collectorFlags(), ...flags, path, ...args];
  return startCommanded(process.execPath, all, process.env);
}
