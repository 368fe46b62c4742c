/** What becomes of examples that cannot be read: the first ends it all, or they are counted. */
import { TrainingError } from '../../errors.ts';
import { RowProblem } from './row-problem.ts';

/** The end of the run before it begins, or a count. */
export type OnBadExample = 'fail' | 'skip';

/** Where a row is. */
export interface RowPlace {
  readonly path: string;
  /** From 1. */
  readonly line: number;
}

/** Counts the examples of a split that were left out. */
export interface BadExamples {
  /**
   * Whether `read` went well; a {@link RowProblem} of it is counted.
   * @throws {TrainingError} `bad-data` with the place, where bad examples end the run.
   */
  isGood(place: RowPlace, read: () => void): boolean;
  /** One sentence when some were left out: how many, and what was wrong with the first. */
  notices(): readonly string[];
}

/** Starts counting. */
export function createBadExamples(policy: OnBadExample): BadExamples {
  const skipped = createBadCount();
  return {
    isGood(place, read) {
      try {
        read();
        return true;
      } catch (error) {
        if (!(error instanceof RowProblem)) throw error;
        const located = rowError(place, error);
        if (policy === 'fail') throw located;
        skipped.add(located.message);
        return false;
      }
    },
    notices: skipped.notices,
  };
}

/** Counts what is wrong. */
export interface BadCount {
  add(message: string): void;
  /** As those of {@link BadExamples}. */
  notices(): readonly string[];
}

/** Starts with none; `what` has `s` as its plural. */
export function createBadCount(what = 'example'): BadCount {
  let count = 0;
  let first = '';
  return {
    add(message) {
      if (count === 0) first = message;
      count += 1;
    },
    notices() {
      if (count === 0) return [];
      const were = count === 1 ? `1 bad ${what} was` : `${String(count)} bad ${what}s were`;
      return [`${were} left out; the first: ${first}`];
    },
  };
}

/** A problem with its place, as users hear it. */
export function rowError({ path, line }: RowPlace, problem: RowProblem): TrainingError {
  const { place, message } = problem;
  const where = `${path}, line ${String(line)}${place === undefined ? '' : `, ${place}`}`;
  return new TrainingError('bad-data', `${where}: ${message}`, {
    data: { path, line, ...(place === undefined ? {} : { place }) },
  });
}
