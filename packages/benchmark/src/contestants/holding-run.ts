import type { RunEvent } from '@paceline/protocol';

import { resetPeaks, usageBetween, usageOfAll } from '../measure/process-usage.ts';
import type { Block, Contestant } from './contestant.ts';
import type { EndlessRun } from './endless-run.ts';

/** A run that is to train in blocks. */
export interface HoldingRunOptions {
  readonly name: string;
  /** How many blocks will be asked for. */
  readonly blocks: number;
  /** Steps before anything is measured. */
  readonly warmUpSteps: number;
  /** Steps of a block that are timed, and at its start those that are not: until the first one is told. */
  readonly blockSteps: number;
  readonly settleSteps: number;
  /** Starts it; it is to hold before those steps. */
  readonly start: (o: {
    readonly holdAt: readonly number[];
    readonly everySteps: number;
    readonly onEvent: (event: RunEvent) => void;
  }) => Promise<EndlessRun>;
  /** Makes it go on. */
  readonly resume: (url: string) => Promise<void>;
}

/** A run of ours, which holds between blocks. */
export interface HoldingRun extends Contestant {
  readonly url: string;
  /** Trainable parameters of the model. */
  readonly parameters: number;
}

/** Starts a run; it has warmed up, and holds, when this resolves. */
export async function startHoldingRun(options: HoldingRunOptions): Promise<HoldingRun> {
  const run = new Holding(options);
  await run.start();
  return run;
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

class Holding implements HoldingRun {
  readonly name: string;
  url = '';
  parameters = 0;
  private readonly options: HoldingRunOptions;
  private run: EndlessRun | undefined;
  private readonly pids: Record<string, number> = {};
  /** The first step of this block that was told. */
  private stepped = Promise.withResolvers<Moment>();
  private hold = Promise.withResolvers<Moment>();

  constructor(options: HoldingRunOptions) {
    this.name = options.name;
    this.options = options;
  }

  async start(): Promise<void> {
    const { blocks, warmUpSteps, settleSteps, start } = this.options;
    const holdAt = Array.from({ length: blocks + 1 }, (_, i) => warmUpSteps + i * this.steps);
    this.run = await start({ holdAt, everySteps: settleSteps, onEvent: this.see });
    await this.untilHold();
    resetPeaks(this.pids);
  }

  async block(): Promise<Block> {
    const before = usageOfAll(this.pids);
    this.hold = Promise.withResolvers();
    this.stepped = Promise.withResolvers();
    await this.options.resume(this.url);
    const held = await this.untilHold();
    const usage = usageBetween(before, usageOfAll(this.pids), this.steps);
    const from = await this.stepped.promise;
    const msPerStep = (held.atMs - from.atMs) / (held.step - from.step);
    return { steps: this.steps, msPerStep, ...usage };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.run?.[Symbol.asyncDispose]();
  }

  /** From one hold to the next. */
  private get steps(): number {
    return this.options.settleSteps + this.options.blockSteps;
  }

  private untilHold(): Promise<Moment> {
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
