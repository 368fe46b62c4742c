import { z } from 'zod';

import { categoriesSchema, fieldsByName, fileFields, onBadExampleSchema } from './files.ts';
import type { Categories, FieldsByName, FileDataSettings, OnBadExample } from './files.ts';
import type { DataMember } from './member.ts';
import { whereSchema } from './where.ts';
import type { Where } from './where.ts';

/** Text files with a JSON object in each line. */
export interface JsonLinesSettings extends FileDataSettings {
  readonly type: 'jsonLines';
  readonly fields: { readonly x: FieldsByName; readonly y: FieldsByName };
  readonly where?: Where;
  /** By field: the words found in the training files, sorted, or these. */
  readonly categories: Readonly<Record<string, Categories>>;
  readonly onBadExample: OnBadExample;
}

/** Check of JSON lines. */
export const jsonLines: DataMember<JsonLinesSettings> = z.strictObject({
  type: z.literal('jsonLines'),
  ...fileFields,
  fields: z
    .strictObject({ x: fieldsByName, y: fieldsByName })
    .describe('Fields of inputs and labels.'),
  where: whereSchema,
  categories: z
    .record(z.string(), categoriesSchema)
    .default({})
    .describe('Fields of words: the list of words, or "found".'),
  onBadExample: onBadExampleSchema.describe('What becomes of a broken line.'),
});
