import { z } from 'zod';

import { realNumber } from './values.ts';

/** By what the loss of each output is multiplied: in their order, or by name, 1 for those left out. */
export type LossWeights = readonly number[] | Readonly<Record<string, number>>;
/** By what the loss of an example is multiplied, by the number of its class. */
export type ClassWeights = Readonly<Record<string, number>>;
/** Of the only output, or one each for several, in their order or by name. */
export type ClassWeightSettings =
  ClassWeights | readonly ClassWeights[] | Readonly<Record<string, ClassWeights>>;

const weight = realNumber('must be a number >= 0', (value) => value >= 0);

/** Check of the weights of losses. */
export const lossWeightsSchema: z.ZodType<LossWeights> = z.union(
  [z.array(weight).min(1), z.record(z.string(), weight)],
  'must be numbers >= 0: a list, one for each output, or by the names of the outputs',
);

const ofClasses = z.record(z.string().regex(/^-?\d+$/), weight);

/** Check of the weights of classes. */
export const classWeightSchema: z.ZodType<ClassWeightSettings> = z.union(
  [ofClasses, z.array(ofClasses).min(1), z.record(z.string(), ofClasses)],
  'must be numbers >= 0 by the numbers of the classes, as { 0: 1, 1: 5 }; for several outputs one such object each',
);
