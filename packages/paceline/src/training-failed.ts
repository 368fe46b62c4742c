import { PacelineError } from './errors.ts';
import type { LocalTrainingEnd } from './local-run.ts';

/** The end of a run that did not fail. @throws PacelineError `training-failed` */
export function endOf(ended: LocalTrainingEnd): NonNullable<LocalTrainingEnd['end']> {
  const { end } = ended;
  if (end === undefined || end.status === 'failed') throw trainingFailed(ended);
  return end;
}

/** The server's own reason where it gave one, else who ended how and its last words. */
function trainingFailed({ end, cause }: LocalTrainingEnd): PacelineError {
  const words = cause === undefined ? 'there was no end' : `${cause.process} ${cause.words}`;
  const lines = end?.reason === undefined ? [words, ...(cause?.lastLines ?? [])] : [end.reason];
  return new PacelineError('training-failed', `Training failed: ${lines.join('\n')}`);
}
