import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { launchLocalRun } from '@paceline/launcher';
import { systemClock } from '@paceline/telemetry';

import { askServer } from '../../../apps/cli/src/control/request.ts';
import type { Contestant } from '../../../packages/benchmark/src/contestants/contestant.ts';
import { startHoldingRun } from '../../../packages/benchmark/src/contestants/holding-run.ts';
import type {
  EndlessRun,
  HoldingRunOptions,
} from '../../../packages/benchmark/src/contestants/holding-run.ts';
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
export function startExchange(options: ExchangeOptions): Promise<Contestant> {
  return startHoldingRun({
    ...options,
    name: 'paceline',
    settleSteps: 1,
    start: (how) => startRun(options, how),
    resume: async (url) => {
      await askServer(url, { method: 'POST', path: '/control/resume' });
    },
  });
}

async function startRun(
  size: FakeSize,
  how: Parameters<HoldingRunOptions['start']>[0],
): Promise<EndlessRun> {
  const folder = await mkdtemp(join(tmpdir(), 'paceline-exchange-'));
  const job = join(folder, 'fake.json');
  // No checkpoint is due: the disk is no part of an exchange.
  const checkpoint = { everySteps: 2 ** 40 };
  await writeFile(job, JSON.stringify({ ...fakeJob(size), checkpoint }));
  const flags = ['--conditions=paceline-source', ...collectorFlags()];
  const run = launchLocalRun({
    ...how,
    program: { command: process.execPath, args: [...flags, program] },
    ...{ job, workers: size.workers, set: [], out: join(folder, 'run'), maxRestarts: 0 },
    logLevel: 'error',
    clock: systemClock(),
    onLog: () => undefined,
  });
  const ended = run.ended.then(({ cause }): never => {
    throw new Error(`the run ended: ${cause?.words ?? 'without a cause'}`);
  });
  ended.catch(() => undefined);
  return {
    ended,
    async [Symbol.asyncDispose]() {
      run.stop('SIGTERM', true);
      await run.ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}
