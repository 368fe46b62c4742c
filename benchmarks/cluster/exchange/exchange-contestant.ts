import { fileURLToPath } from 'node:url';
import { launchLocalRun } from '@paceline/launcher';
import { systemClock } from '@paceline/telemetry';

import { askServer } from '../../../apps/cli/src/control/request.ts';
import type { Contestant } from '../../../packages/benchmark/src/contestants/contestant.ts';
import { startEndlessRun } from '../../../packages/benchmark/src/contestants/endless-run.ts';
import type { EndlessRun } from '../../../packages/benchmark/src/contestants/endless-run.ts';
import { startHoldingRun } from '../../../packages/benchmark/src/contestants/holding-run.ts';
import type { HoldingRunOptions } from '../../../packages/benchmark/src/contestants/holding-run.ts';
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

function startRun(
  size: FakeSize,
  how: Parameters<HoldingRunOptions['start']>[0],
): Promise<EndlessRun> {
  // No checkpoint is due: the disk is no part of an exchange.
  const checkpoint = { everySteps: 2 ** 40 };
  const flags = ['--conditions=paceline-source', ...collectorFlags()];
  return startEndlessRun({ ...fakeJob(size), checkpoint }, (place) =>
    launchLocalRun({
      ...how,
      ...place,
      program: { command: process.execPath, args: [...flags, program] },
      ...{ workers: size.workers, set: [], maxRestarts: 0, logLevel: 'error' },
      clock: systemClock(),
      onLog: () => undefined,
    }),
  );
}
