import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { openTemporaryFolder } from '../temporary-folder.ts';

/** Processes that train until they are disposed of, which leaves nothing of them. */
export interface EndlessRun extends AsyncDisposable {
  /** Rejects when the run ends by itself. */
  readonly ended: Promise<never>;
}

/** Where a run has its job file, and may write. */
export interface RunPlace {
  readonly job: string;
  readonly out: string;
}

/** A run that was started. */
export interface LaunchedRun {
  readonly ended: Promise<{ readonly cause?: { readonly words: string } | undefined }>;
  stop(signal: 'SIGTERM', atOnce: true): void;
}

/** Writes a job into a folder of its own, and starts a run of it there. */
export async function startEndlessRun(
  job: object,
  launch: (place: RunPlace) => LaunchedRun | Promise<LaunchedRun>,
): Promise<EndlessRun> {
  const folder = await openTemporaryFolder();
  const place = { job: join(folder.path, 'job.json'), out: join(folder.path, 'run') };
  await writeFile(place.job, JSON.stringify(job));
  const run = await launch(place);
  const ended = run.ended.then(({ cause }): never => {
    throw new Error(`the run ended: ${cause?.words ?? 'without a cause'}`);
  });
  ended.catch(() => undefined);
  return {
    ended,
    async [Symbol.asyncDispose]() {
      run.stop('SIGTERM', true);
      await run.ended;
      await folder[Symbol.asyncDispose]();
    },
  };
}
