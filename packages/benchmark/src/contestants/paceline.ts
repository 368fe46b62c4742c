import type { RunEvent } from '@paceline/protocol';

import type { ModelBenchmark } from '../board/model-benchmark.ts';
import { resetPeaks, usageBetween, usageOfAll } from '../measure/process-usage.ts';
import { startBenchRun } from './bench-run.ts';
import type { BenchRun } from './bench-run.ts';
import type { Block, Contestant } from './contestant.ts';
import { names } from './names.ts';
import type { RunControl, Traffic } from './run-control.ts';

/** Steps at the start of a block that are not timed: events come every so many. */
const settleSteps = 10;

/** Who trains: this many workers, and how many blocks will be asked for. */
export interface PacelineOptions {
  readonly benchmark: ModelBenchmark;
  readonly workers: number;
  readonly blocks: number;
  readonly control: RunControl;
  /** Where the run's threads keep what they do when; nowhere by default. */
  readonly timelineFolder?: string;
}

/** Ours. */
export interface PacelineContestant extends Contestant {
  /** Trainable parameters of the model. */
  readonly parameters: number;
  traffic(): Promise<Traffic>;
}

/** A local run as `paceline train` starts it, which holds between blocks. */
export async function startPaceline(options: PacelineOptions): Promise<PacelineContestant> {
  const contestant = new Paceline(options);
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

class Paceline implements PacelineContestant {
  readonly name: string;
  parameters = 0;
  private readonly options: PacelineOptions;
  private run: BenchRun | undefined;
  private url = '';
  private readonly pids: Record<string, number> = {};
  /** The first step of this block that was told. */
  private stepped = Promise.withResolvers<Moment>();
  private hold = Promise.withResolvers<Moment>();

  constructor(options: PacelineOptions) {
    this.name = options.workers === 1 ? names.alone : names.ours;
    this.options = options;
  }

  async start(): Promise<void> {
    const { benchmark, workers, blocks, timelineFolder } = this.options;
    const { warmUpSteps, blockSteps } = benchmark;
    const holdAt = Array.from({ length: blocks + 1 }, (_, block) => {
      return warmUpSteps + block * (settleSteps + blockSteps);
    });
    this.run = await startBenchRun({
      ...{ benchmark, workers, holdAt, timelineFolder },
      everySteps: settleSteps,
      onEvent: this.see,
    });
    await this.untilHold();
    resetPeaks(this.pids);
  }

  async block(): Promise<Block> {
    const before = usageOfAll(this.pids);
    this.hold = Promise.withResolvers();
    this.stepped = Promise.withResolvers();
    await this.options.control.resume(this.url);
    const held = await this.untilHold();
    const steps = this.options.benchmark.blockSteps + settleSteps;
    const usage = usageBetween(before, usageOfAll(this.pids), steps);
    const from = await this.stepped.promise;
    return { steps, msPerStep: (held.atMs - from.atMs) / (held.step - from.step), ...usage };
  }

  traffic(): Promise<Traffic> {
    return this.options.control.traffic(this.url);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.run?.[Symbol.asyncDispose]();
  }

  private async untilHold(): Promise<Moment> {
    return Promise.race([this.hold.promise, ...(this.run === undefined ? [] : [this.run.ended])]);
  }

  private readonly see = (event: RunEvent): void => {
    if (event.type === 'start') ({ url: this.url, parameters: this.parameters } = event);
    if (event.type === 'server' && event.event === 'started') this.pids['server'] = event.pid;
    if (event.type === 'worker' && event.event === 'joined') this.pids[event.worker] = event.pid;
    if (event.type === 'step') this.stepped.resolve(momentOf(event));
    if (event.type === 'hold') this.hold.resolve(momentOf(event));
  };
}
