import { z } from 'zod';

import { listOf } from '../values.ts';

/** A value of a row. */
export type RowValue = string | number | boolean;

/**
 * What must hold of a value: all that is said. Numbers are compared as numbers, texts as texts. A value that is missing
 * fulfils nothing but `not`.
 */
export interface Condition {
  readonly equals?: RowValue;
  readonly in?: readonly RowValue[];
  readonly not?: RowValue | readonly RowValue[];
  /** The least; both ends are included. */
  readonly min?: string | number;
  readonly max?: string | number;
}

/** Conditions by column or field; a value alone is what it must equal. */
export type Where = Readonly<Record<string, RowValue | Condition>>;

const mostValues = 65_536;
const value: z.ZodType<RowValue> = z.union(
  [z.string(), z.number(), z.boolean()],
  'must be a text, a number, true or false',
);
const values = listOf(value, mostValues);
const bound: z.ZodType<string | number> = z.union(
  [z.string().min(1), z.number()],
  'must be a number or a text',
);
const condition = z
  .strictObject({
    equals: value.exactOptional().describe('The only value that is kept.'),
    in: values.exactOptional().describe('The values that are kept.'),
    not: z
      .union([value, values])
      .exactOptional()
      .describe('A value, or several, that are left out.'),
    min: bound.exactOptional().describe('The least value that is kept.'),
    max: bound.exactOptional().describe('The greatest value that is kept.'),
  })
  .refine((given) => Object.keys(given).length > 0, 'must have equals, in, not, min or max');

/** Check of the field `where`. */
export const whereSchema: z.ZodExactOptional<z.ZodType<Where>> = (
  z.record(
    z.string().min(1),
    z.union([value, condition], 'must be a value, or { equals, in, not, min, max }'),
  ) as z.ZodType<Where>
)
  .exactOptional()
  .describe('Which rows there are, by column or field: others are left out and counted.');
