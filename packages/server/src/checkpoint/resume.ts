import type { Job } from '@paceline/protocol';
import { bitSettings, firstDifference } from '@paceline/protocol';
import { ServerError } from '../errors.ts';
import type { CheckpointImage, CheckpointStorage } from './storage.ts';

/** Where a run begins: at nothing, or at a checkpoint. */
export interface StartingPoint {
  readonly term: number;
  readonly image: (CheckpointImage & { readonly path: string }) | undefined;
  readonly notices: readonly string[];
}

/**
 * Opens the storage and takes the newest valid checkpoint, if it is of this job.
 * @throws ServerError `other-job` with the first difference
 */
export async function findStart(
  storage: CheckpointStorage | undefined,
  job: Job,
): Promise<StartingPoint> {
  if (storage === undefined) return { term: 1, image: undefined, notices: [] };
  const { term, newest, notices } = await storage.open();
  if (newest !== undefined) refuseOtherJob(newest, job);
  return { term, image: newest, notices };
}

function refuseOtherJob(
  { facts, path }: CheckpointImage & { readonly path: string },
  job: Job,
): void {
  const difference = firstDifference(bitSettings(facts.settings), bitSettings(job.settings));
  if (difference === undefined) return;
  const { path: field, left, right } = difference;
  throw new ServerError(
    'other-job',
    `The checkpoint ${path} is of another job: ${field} was ${show(left)}, now it is ${show(right)}. ` +
      'Only `name`, `until`, `checkpoint`, `bucketBytes` and the paths of data may change. ' +
      'Change it back, or train into another folder.',
  );
}

function show(value: unknown): string {
  return value === undefined ? 'not there' : JSON.stringify(value).slice(0, 120);
}
