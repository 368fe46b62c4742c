import { z } from 'zod';

import { listOf, wholeNumber } from '../values.ts';
import { categoriesSchema, fileFields, onBadExampleSchema } from './files.ts';
import type { Categories, FileDataSettings, OnBadExample } from './files.ts';
import type { DataMember } from './member.ts';
import { whereSchema } from './where.ts';
import type { Where } from './where.ts';

/** A column by its name in the header, or by its number, from 1. */
export type CsvColumn = string | number;
/** Columns from one to another, both included. */
export interface CsvColumnRange {
  readonly from: CsvColumn;
  readonly to: CsvColumn;
}
/** Columns that make up one input or output, in this order. */
export type CsvColumns = readonly (CsvColumn | CsvColumnRange)[];
/** Columns of one input or output, or of several by name. */
export type CsvColumnsByName = CsvColumns | Readonly<Record<string, CsvColumns>>;

/** Text files of rows: comma-separated, or with another delimiter. */
export interface CsvSettings extends FileDataSettings {
  readonly type: 'csv';
  readonly delimiter: string;
  /** Whether the first row of each file has the names of the columns. */
  readonly header: boolean;
  readonly columns: { readonly x: CsvColumnsByName; readonly y: CsvColumnsByName };
  readonly where?: Where;
  /** By column; in y as the loss wants its labels, in x as one-hot. */
  readonly categories: Readonly<Record<string, Categories>>;
  readonly onBadExample: OnBadExample;
}

const mostColumns = 1_000_000;

const column = z.union(
  [z.string().min(1), wholeNumber(1)],
  'must be the name of a column, or its number from 1',
);
const range = z.strictObject({ from: column, to: column });
const columns = listOf(
  z.union([column, range], 'must be a name, a number from 1, or { from, to }'),
  mostColumns,
).pipe(z.array(z.any()).min(1, 'must have at least one column')) as z.ZodType<
  (CsvColumn | CsvColumnRange)[]
>;
const byName = z.union(
  [columns, z.record(z.string(), columns)],
  'must be a list of columns, or several lists by name',
);

/** Check of CSV files. */
export const csv: DataMember<CsvSettings> = z.strictObject({
  type: z.literal('csv'),
  ...fileFields,
  delimiter: z
    .string()
    .regex(/^[\t !#-~]$/, 'must be one character of ASCII, no quote and no end of line')
    .default(',')
    .describe('Between the fields; a tab for TSV.'),
  header: z.boolean().default(true).describe('Whether the first row names the columns.'),
  columns: z.strictObject({ x: byName, y: byName }).describe('Columns of inputs and labels.'),
  where: whereSchema,
  categories: z
    .record(z.string(), categoriesSchema)
    .default({})
    .describe('Columns of words: the list of words, or "found".'),
  onBadExample: onBadExampleSchema.describe('What becomes of a broken row.'),
});
