import { z } from 'zod';

import { localMarkerSchema } from '../local.ts';
import type { LocalMarker } from '../local.ts';
import { isNumberArray } from '../number-array.ts';
import type { NumberArray } from '../number-array.ts';
import { exampleFields } from './examples.ts';
import type { ExampleSettings } from './examples.ts';
import type { DataMember } from './member.ts';

/** The numbers of one input or output, examples first; or of several, by name. */
export type ArraySettings =
  NumberArray | LocalMarker | Readonly<Record<string, NumberArray | LocalMarker>>;
/** Inputs x, targets y, and weights of the examples. */
export interface ArraySplit {
  readonly x: ArraySettings;
  readonly y: ArraySettings;
  readonly sampleWeight?: ArraySettings;
}
/** Numbers given in the job itself. */
export interface ArraysSettings extends ExampleSettings {
  readonly type: 'arrays';
  readonly train: ArraySplit;
  readonly test?: ArraySplit;
}
const numbers = z.union(
  [z.custom<NumberArray>(isNumberArray), localMarkerSchema],
  'must be a list of numbers of one shape, examples first',
);
const namedNumbers = z.union(
  [z.custom<NumberArray>(isNumberArray), localMarkerSchema, z.record(z.string(), numbers)],
  'must be a list of numbers of one shape, examples first, or several by name',
);
const split = z.strictObject({
  x: namedNumbers,
  y: namedNumbers,
  sampleWeight: namedNumbers
    .exactOptional()
    .describe('By what the loss of each example is multiplied; by name for several outputs.'),
});
/** Check of numbers given in the job. */
export const arrays: DataMember<ArraysSettings> = z.strictObject({
  type: z.literal('arrays'),
  train: split,
  test: split.exactOptional(),
  ...exampleFields,
});
