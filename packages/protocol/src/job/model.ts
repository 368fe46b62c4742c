import { z } from 'zod';

import { isPlainObject } from '../json.ts';
import { ruleOfType } from './values.ts';

/** What is trained. */
export type ModelSettings =
  /** A function of the job file that builds a LayersModel. */
  | { readonly type: 'function' }
  /** A LayersModel as tfjs writes it to JSON: needs no code. */
  | { readonly type: 'layers'; readonly topology: object }
  /** The functional form: named parameters and a loss function of the job file. */
  | { readonly type: 'parameters' };

const isTopology = (value: unknown): boolean => isPlainObject(value);

/** Check of the model's settings. */
export const modelSchema: z.ZodType<ModelSettings> = z.discriminatedUnion(
  'type',
  [
    z.strictObject({ type: z.literal('function') }),
    z.strictObject({
      type: z.literal('layers'),
      topology: z
        .custom<object>(isTopology, 'must be the JSON of a LayersModel, as its toJSON gives it')
        .describe('JSON of the LayersModel.'),
    }),
    z.strictObject({ type: z.literal('parameters') }),
  ],
  {
    error: ruleOfType('a function (tf) => LayersModel, or { type: "layers", topology }', [
      'function',
      'layers',
      'parameters',
    ]),
  },
);
