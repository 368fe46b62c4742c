import type { BackendChoice } from '@paceline/training';

import { loadJob } from '../load-job.ts';
import type { LoadedJob } from '../load-job.ts';
import { examineBackend } from './backend.ts';
import { examineConnection } from './connection.ts';
import { failure } from './finding.ts';
import type { Finding } from './finding.ts';
import { examineJob } from './job.ts';
import { examineMachine, thisMachine } from './machine.ts';

/** What is examined: this machine, and a job on it. */
export interface DiagnoseOptions {
  /** A job file or the name of a built-in job; without one, the machine alone is examined. */
  readonly job?: string;
  readonly backend?: BackendChoice;
  readonly workers: number;
  readonly set?: readonly string[];
}

/** Examines this machine, and a job on it, one finding after the other. Never throws for what it is there to find. */
export async function* diagnose(options: DiagnoseOptions): AsyncGenerator<Finding, void, void> {
  yield* examineMachine(thisMachine(), options.workers);
  const { finding, speed } = await examineConnection();
  yield finding;
  const loaded = await tryLoadJob(options);
  if (loaded !== undefined && 'status' in loaded) yield loaded;
  const job = loaded !== undefined && 'job' in loaded ? loaded.job : undefined;
  const { findings, backend } = await examineBackend(
    options.backend ?? job?.settings.backend ?? 'auto',
    job?.settings.threads ?? 1,
  );
  yield* findings;
  if (job === undefined || backend === undefined) return;
  yield* await examineJob({ job, backend, workers: options.workers, speed });
}

async function tryLoadJob(options: DiagnoseOptions): Promise<LoadedJob | Finding | undefined> {
  if (options.job === undefined) return undefined;
  try {
    return await loadJob(options.job, { set: options.set ?? [] });
  } catch (error) {
    return failure('job', error);
  }
}
