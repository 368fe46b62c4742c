import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { RunEvent } from '@paceline/protocol';
import { startLocalTraining } from 'paceline/programs';

import type { ModelBenchmark } from '../board/model-benchmark.ts';
import type { EndlessRun } from './holding-run.ts';

/** What a run is started with; all else is as for every user. */
export interface BenchRunOptions {
  readonly benchmark: ModelBenchmark;
  readonly workers: number;
  readonly everySteps: number;
  readonly holdAt: readonly number[];
  readonly timelineFolder?: string | undefined;
  readonly onEvent: (event: RunEvent) => void;
}

/** Starts a benchmark's job as `paceline train` would, in a folder of its own; nothing of it is left when it was disposed of. */
export async function startBenchRun(options: BenchRunOptions): Promise<EndlessRun> {
  const { benchmark, timelineFolder, ...rest } = options;
  const folder = await mkdtemp(join(tmpdir(), 'paceline-bench-'));
  const job = join(folder, `${benchmark.name}.json`);
  await writeFile(job, JSON.stringify(benchmark.job));
  const run = await startLocalTraining({
    ...rest,
    ...(timelineFolder === undefined ? {} : { timelineFolder }),
    job,
    out: join(folder, 'run'),
    set: [],
    maxRestarts: 0,
    logLevel: 'error',
    onLog: () => undefined,
  });
  const ended = run.finished.then(({ cause }) => {
    throw new Error(`the run ended: ${cause?.words ?? 'without a cause'}`);
  });
  ended.catch(() => undefined);
  return {
    ended,
    async [Symbol.asyncDispose]() {
      run.stop('SIGTERM', true);
      await run.finished;
      await rm(folder, { recursive: true, force: true });
    },
  };
}
