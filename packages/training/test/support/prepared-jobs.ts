import { afterEach } from 'vitest';
import type { Backend } from '../../src/backend/interface.ts';
import type { PreparedJob } from '../../src/prepared-job.ts';
import { prepareJob } from '../../src/prepare-job.ts';
import { jobOf } from './jobs.ts';

/** Prepares jobs for the tests of a file, and disposes of them after each test. */
export function preparesJobs(
  backend: () => Backend,
): (...job: Parameters<typeof jobOf>) => Promise<PreparedJob> {
  const prepared: PreparedJob[] = [];
  afterEach(() => {
    prepared.splice(0).forEach((job) => {
      job.dispose();
    });
  });
  return async (...job) => {
    const made = await prepareJob(backend(), jobOf(...job));
    prepared.push(made);
    return made;
  };
}
