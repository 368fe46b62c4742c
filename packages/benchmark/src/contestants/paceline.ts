import type { ModelBenchmark } from '../board/model-benchmark.ts';
import { startBenchRun } from './bench-run.ts';
import { startHoldingRun } from './holding-run.ts';
import type { HoldingRun } from './holding-run.ts';
import { names } from './names.ts';
import type { RunControl } from './run-control.ts';

/** Events come every so many steps. */
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

/** Ours: a local run as `paceline train` starts it, which holds between blocks. */
export function startPaceline({
  benchmark,
  workers,
  blocks,
  control,
  timelineFolder,
}: PacelineOptions): Promise<HoldingRun> {
  const { warmUpSteps, blockSteps } = benchmark;
  return startHoldingRun({
    name: workers === 1 ? names.alone : names.ours,
    ...{ blocks, warmUpSteps, blockSteps, settleSteps },
    start: (how) => startBenchRun({ ...how, benchmark, workers, timelineFolder }),
    resume: control.resume,
  });
}
