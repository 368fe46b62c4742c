import { z } from 'zod';

import { listOf } from '../values.ts';
import { categoriesSchema, fileFields, onBadExampleSchema } from './files.ts';
import type { Categories, FileDataSettings, OnBadExample } from './files.ts';
import type { DataMember } from './member.ts';

/** Fields of one input or output, in this order; each dotted, for example `user.age`. Or of several, by name. */
export type JsonFields =
  string | readonly string[] | Readonly<Record<string, string | readonly string[]>>;

/** Text files with a JSON object in each line. */
export interface JsonLinesSettings extends FileDataSettings {
  readonly type: 'jsonLines';
  readonly fields: { readonly x: JsonFields; readonly y: JsonFields };
  /** By field: the words found in the training files, sorted, or these. */
  readonly categories: Readonly<Record<string, Categories>>;
  readonly onBadExample: OnBadExample;
}

const most = 1_000_000;

const field = z.string().min(1);
const fields = z.union(
  [field, listOf(field, most).pipe(z.array(z.string()).min(1))],
  'must be the name of a field, or a list of names',
);
const byName = z.union(
  [fields, z.record(z.string(), fields)],
  'must be the name of a field, a list of names, or several by the name of the input',
);

/** Check of JSON lines. */
export const jsonLines: DataMember<JsonLinesSettings> = z.strictObject({
  type: z.literal('jsonLines'),
  ...fileFields,
  fields: z.strictObject({ x: byName, y: byName }).describe('Fields of inputs and labels.'),
  categories: z
    .record(z.string(), categoriesSchema)
    .default({})
    .describe('Fields of words: the list of words, or "found".'),
  onBadExample: onBadExampleSchema.describe('What becomes of a broken line.'),
});
