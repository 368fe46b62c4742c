import { PacelineError } from '../errors.ts';
import type { FitOptions } from './types.ts';

/** The numbers of a call, with the defaults of `fit`. */
export interface FitArguments {
  readonly batchSize: number;
  readonly epochs: number;
  readonly initialEpoch: number;
  readonly microbatches: number;
  readonly shuffle: 'full' | 'none';
}

/** A batch has at least so many pieces, where it has as many examples: else the usual one would be for one worker alone. */
const leastMicrobatches = 4;
/** About so many examples suit a piece: see `batchSize` of jobs. */
const usualMicrobatch = 32;

/** Arguments of `fit` that tfjs refuses as well, or takes only for datasets. */
const without: readonly string[] = [
  'stepsPerEpoch',
  'validationSteps',
  'batchesPerEpoch',
  'validationBatches',
  'validationBatchSize',
];

/** @throws PacelineError `bad-option`, naming it */
export function readArguments(options: FitOptions): FitArguments {
  for (const name of without) {
    if (isGiven((options as Readonly<Record<string, unknown>>)[name])) {
      throw bad(name, 'is for datasets, and `fit` does not take it either', 'Leave it out');
    }
  }
  const { shuffle } = options;
  if (shuffle !== undefined && typeof shuffle !== 'boolean') {
    throw bad('shuffle', `is ${JSON.stringify(shuffle)}`, 'It is true or false');
  }
  const batchSize = whole('batchSize', options.batchSize, { least: 1, usual: 32 });
  const usual = Math.max(Math.round(batchSize / usualMicrobatch), leastMicrobatches);
  return {
    batchSize,
    epochs: whole('epochs', options.epochs, { least: 0, usual: 1 }),
    initialEpoch: whole('initialEpoch', options.initialEpoch, { least: 0, usual: 0 }),
    microbatches: whole('microbatches', options.microbatches, {
      least: 1,
      usual: Math.min(usual, batchSize, 4096),
    }),
    shuffle: shuffle === false ? 'none' : 'full',
  };
}

/** The seed of a call that gives none: another one each time that the optimizer has moved on. */
export function usualSeed(iterations: number): number {
  return (42 + iterations) % 2 ** 32;
}

function whole(
  name: string,
  value: number | undefined,
  { least, usual }: { readonly least: number; readonly usual: number },
): number {
  if (!isGiven(value)) return usual;
  if (Number.isInteger(value) && value >= least) return value;
  throw bad(name, `is ${String(value)}`, `It is a whole number >= ${least}`);
}

// As `fit` does: null is like nothing.
function isGiven<T>(value: T | undefined | null): value is T {
  return value !== undefined && value !== null;
}

function bad(name: string, what: string, remedy: string): PacelineError {
  return new PacelineError('bad-option', `The option ${name} ${what}. ${remedy}.`);
}
