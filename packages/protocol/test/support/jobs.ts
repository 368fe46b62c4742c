import { JobError, parseJob } from '@paceline/protocol';

/** A model that nobody builds here. */
export const model = (): unknown => undefined;
/** A job that leaves open what it can. */
export const plain = { model, loss: 'meanSquaredError', data: { type: 'mnist' } };

/** The lines of the error of a wrong job. */
export function linesOf(definition: unknown, set: readonly string[] = []): string[] {
  try {
    parseJob(definition, { set });
  } catch (error) {
    if (error instanceof JobError) return error.message.split('\n');
    throw error;
  }
  return [];
}
