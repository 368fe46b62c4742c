import type { RunEvent } from '@paceline/protocol';
import { startLocalTraining } from 'paceline/programs';

import type { ModelBenchmark } from '../board/model-benchmark.ts';
import { startEndlessRun } from './endless-run.ts';
import type { EndlessRun } from './endless-run.ts';

/** What a run is started with; all else is as for every user. */
export interface BenchRunOptions {
  readonly benchmark: ModelBenchmark;
  readonly workers: number;
  readonly everySteps: number;
  readonly holdAt: readonly number[];
  readonly timelineFolder?: string | undefined;
  readonly onEvent: (event: RunEvent) => void;
}

/** Starts a benchmark's job as `paceline train` would. */
export function startBenchRun(options: BenchRunOptions): Promise<EndlessRun> {
  const { benchmark, timelineFolder, ...rest } = options;
  return startEndlessRun(benchmark.job, async (place) => {
    const { finished, stop } = await startLocalTraining({
      ...rest,
      ...place,
      ...(timelineFolder === undefined ? {} : { timelineFolder }),
      set: [],
      maxRestarts: 0,
      logLevel: 'error',
      onLog: () => undefined,
    });
    return { ended: finished, stop };
  });
}
