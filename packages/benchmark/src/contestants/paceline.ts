import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { RunEvent } from '@paceline/protocol';
import { startLocalTraining } from 'paceline/programs';
import type { LocalTraining } from 'paceline/programs';

import type { ModelBenchmark } from '../board/model-benchmark.ts';
import { usageBetween, usageOfAll } from '../measure/process-usage.ts';
import type { Block, Contestant } from './contestant.ts';
import { names } from './names.ts';

/** Steps at the start of a block that are not timed: events come every so many. */
const settleSteps = 10;

/** Who trains: this many workers, and how many blocks will be asked for. */
export interface PacelineOptions {
  readonly benchmark: ModelBenchmark;
  readonly workers: number;
  readonly blocks: number;
  /** Makes a run that holds go on. */
  readonly resume: (url: string) => Promise<void>;
  readonly backend?: string;
}

/** A local run as `paceline train` starts it, which holds between blocks. */
export async function startPaceline(options: PacelineOptions): Promise<Contestant> {
  const folder = await mkdtemp(join(tmpdir(), 'paceline-bench-'));
  const contestant = new Paceline(options, folder);
  await contestant.start();
  return contestant;
}

/** A step, and when it was told. */
interface Moment {
  readonly step: number;
  readonly atMs: number;
}

const momentOf = ({ step }: { readonly step: number }): Moment => ({
  step,
  atMs: performance.now(),
});

class Paceline implements Contestant {
  readonly name: string;
  private readonly options: PacelineOptions;
  private readonly folder: string;
  private run: LocalTraining | undefined;
  private url = '';
  private readonly pids: Record<string, number> = {};
  /** The first step of this block that was told. */
  private stepped = Promise.withResolvers<Moment>();
  private hold = Promise.withResolvers<Moment>();

  constructor(options: PacelineOptions, folder: string) {
    this.name = options.workers === 1 ? names.alone : names.ours;
    this.options = options;
    this.folder = folder;
  }

  async start(): Promise<void> {
    const { benchmark, workers, blocks } = this.options;
    const { warmUpSteps, blockSteps } = benchmark;
    const job = join(this.folder, `${benchmark.name}.json`);
    await writeFile(job, JSON.stringify(benchmark.job));
    const holdAt = Array.from({ length: blocks + 1 }, (_, block) => {
      return warmUpSteps + block * (settleSteps + blockSteps);
    });
    this.run = await startLocalTraining({
      job,
      workers,
      ...(this.options.backend === undefined ? {} : { backend: this.options.backend }),
      out: join(this.folder, 'run'),
      set: [],
      everySteps: settleSteps,
      holdAt,
      maxRestarts: 0,
      logLevel: 'error',
      onEvent: this.see,
      onLog: () => undefined,
    });
    await this.untilHold();
  }

  async block(): Promise<Block> {
    const before = usageOfAll(this.pids);
    this.hold = Promise.withResolvers();
    this.stepped = Promise.withResolvers();
    await this.options.resume(this.url);
    const held = await this.untilHold();
    const { blockSteps } = this.options.benchmark;
    const usage = usageBetween(before, usageOfAll(this.pids), blockSteps + settleSteps);
    const from = await this.stepped.promise;
    return { msPerStep: (held.atMs - from.atMs) / (held.step - from.step), ...usage };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.run?.stop('SIGTERM', true);
    await this.run?.finished;
    await rm(this.folder, { recursive: true, force: true });
  }

  private async untilHold(): Promise<Moment> {
    const ended = this.run?.finished.then(({ cause }) => {
      throw new Error(`the run ended: ${cause?.words ?? 'without a cause'}`);
    });
    return Promise.race([this.hold.promise, ...(ended === undefined ? [] : [ended])]);
  }

  private readonly see = (event: RunEvent): void => {
    if (event.type === 'start') this.url = event.url;
    if (event.type === 'server' && event.event === 'started') this.pids['server'] = event.pid;
    if (event.type === 'worker' && event.event === 'joined') this.pids[event.worker] = event.pid;
    if (event.type === 'step') this.stepped.resolve(momentOf(event));
    if (event.type === 'hold') this.hold.resolve(momentOf(event));
  };
}
