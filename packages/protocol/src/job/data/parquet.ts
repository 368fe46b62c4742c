import { z } from 'zod';

import {
  categoriesSchema,
  fieldsByName,
  fileFields,
  onBadExampleSchema,
  shuffleSchema,
} from './files.ts';
import type { Categories, FieldsByName, FileDataSettings, OnBadExample } from './files.ts';
import type { DataMember } from './member.ts';
import { whereSchema } from './where.ts';
import type { Where } from './where.ts';

/** Parquet files. */
export interface ParquetSettings extends FileDataSettings {
  readonly type: 'parquet';
  readonly columns: { readonly x: FieldsByName; readonly y: FieldsByName };
  readonly where?: Where;
  /** By column: the words found in the training files, sorted, or these. */
  readonly categories: Readonly<Record<string, Categories>>;
  readonly onBadExample: OnBadExample;
}

/** Check of Parquet files. */
export const parquet: DataMember<ParquetSettings> = z.strictObject({
  type: z.literal('parquet'),
  ...fileFields,
  shuffle: shuffleSchema('blocks'),
  columns: z
    .strictObject({ x: fieldsByName, y: fieldsByName })
    .describe('Columns of inputs and labels.'),
  where: whereSchema,
  categories: z
    .record(z.string(), categoriesSchema)
    .default({})
    .describe('Columns of words: the list of words, or "found".'),
  onBadExample: onBadExampleSchema.describe(
    'What becomes of a row with a value that cannot be read.',
  ),
});
