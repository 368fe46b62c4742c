import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { launchLocalRun } from '@paceline/launcher';
import type { Supervisor } from '@paceline/launcher';
import type { RunEvent } from '@paceline/protocol';
import { systemClock } from '@paceline/telemetry';

import { askServer } from '../../../apps/cli/src/control/request.ts';
import type { Block, Contestant } from '../../../packages/benchmark/src/contestants/contestant.ts';
import { usageBetween, usageOfAll } from '../../../packages/benchmark/src/measure/process-usage.ts';
import { collectorFlags } from '../../../packages/paceline/src/tune-collector.ts';
import type { FakeSize } from '../fake/job.ts';
import { fakeJob } from '../fake/job.ts';

/** What is exchanged, and how often. */
export interface ExchangeOptions extends FakeSize {
  readonly warmUpSteps: number;
  /** Steps of a block that are timed; one more comes first. */
  readonly blockSteps: number;
  readonly blocks: number;
}

const program = fileURLToPath(new URL('program.ts', import.meta.url));

/** A local run as `paceline train` starts it, of workers without a model, which holds between its blocks. */
export async function startExchange(options: ExchangeOptions): Promise<Contestant> {
  const folder = await mkdtemp(join(tmpdir(), 'paceline-exchange-'));
  const job = join(folder, 'fake.json');
  // No checkpoint is due: the disk is no part of an exchange.
  const checkpoint = { everySteps: 2 ** 40 };
  await writeFile(job, JSON.stringify({ ...fakeJob(options), checkpoint }));
  const exchange = new Exchange(options, folder);
  await exchange.start(job);
  return exchange;
}

/** A step, and when it was told. */
interface Moment {
  readonly step: number;
  readonly atMs: number;
}

class Exchange implements Contestant {
  readonly name = 'paceline';
  private readonly options: ExchangeOptions;
  private readonly folder: string;
  private readonly pids: Record<string, number> = {};
  private run: Supervisor | undefined;
  private url = '';
  private first = Promise.withResolvers<Moment>();
  private hold = Promise.withResolvers<Moment>();

  constructor(options: ExchangeOptions, folder: string) {
    this.options = options;
    this.folder = folder;
  }

  async start(job: string): Promise<void> {
    const { workers, blocks, blockSteps, warmUpSteps } = this.options;
    const flags = ['--conditions=paceline-source', ...collectorFlags()];
    this.run = launchLocalRun({
      program: { command: process.execPath, args: [...flags, program] },
      ...{ job, workers, set: [], out: join(this.folder, 'run'), maxRestarts: 0 },
      everySteps: 1,
      holdAt: Array.from({ length: blocks + 1 }, (_, i) => warmUpSteps + i * (blockSteps + 1)),
      logLevel: 'error',
      clock: systemClock(),
      onEvent: this.see,
      onLog: () => undefined,
    });
    await this.untilHold();
  }

  async block(): Promise<Block> {
    const before = usageOfAll(this.pids);
    this.hold = Promise.withResolvers();
    this.first = Promise.withResolvers();
    await askServer(this.url, { method: 'POST', path: '/control/resume' });
    const held = await this.untilHold();
    const from = await this.first.promise;
    const usage = usageBetween(before, usageOfAll(this.pids), this.options.blockSteps + 1);
    return { msPerStep: (held.atMs - from.atMs) / (held.step - from.step), ...usage };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.run?.stop('SIGTERM', true);
    await this.run?.ended;
    await rm(this.folder, { recursive: true, force: true });
  }

  private async untilHold(): Promise<Moment> {
    const ended = this.run?.ended.then(({ cause }): never => {
      throw new Error(`the run ended: ${cause?.words ?? 'without a cause'}`);
    });
    return Promise.race([this.hold.promise, ...(ended === undefined ? [] : [ended])]);
  }

  private readonly see = (event: RunEvent): void => {
    const moment = 'step' in event ? { step: event.step, atMs: performance.now() } : undefined;
    if (event.type === 'start') this.url = event.url;
    if (event.type === 'server' && event.event === 'started') this.pids['server'] = event.pid;
    if (event.type === 'worker' && event.event === 'joined') this.pids[event.worker] = event.pid;
    if (event.type === 'step' && moment !== undefined) this.first.resolve(moment);
    if (event.type === 'hold' && moment !== undefined) this.hold.resolve(moment);
  };
}
