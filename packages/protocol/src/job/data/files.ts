import { z } from 'zod';

import { listOf, realNumber } from '../values.ts';
import { exampleFields } from './examples.ts';
import type { ExampleFields, ExampleSettings } from './examples.ts';

/** What the kinds of data have in common that are read from files by example. */
export interface FileDataSettings extends ExampleSettings {
  /** One file, or several, one after the other; paths are relative to the working directory. */
  readonly train: string | readonly string[];
  readonly test?: string | readonly string[];
  /** A part of the training examples, drawn by the seed, is the test split. */
  readonly split?: TestFraction;
  readonly shuffle: Shuffle;
}

/** How much of the examples is for the test. */
export interface TestFraction {
  /** Above 0, below 1. */
  readonly test: number;
}

/**
 * Order of the examples in an epoch. `full`: any permutation; `blocks`: blocks of neighbours in any order, and examples
 * mixed within a few of them; `none`: as they are in the files.
 */
export type Shuffle = 'full' | 'blocks' | 'none';

/** The words of a column: those that are found in the training files, sorted, or these. */
export type Categories = 'found' | readonly string[];

/** Fields or columns of one input or output, in this order; or of several, by name. */
export type FieldsByName =
  string | readonly string[] | Readonly<Record<string, string | readonly string[]>>;

/** What becomes of an example that cannot be read: the end of the run before it begins, or a count. */
export type OnBadExample = 'fail' | 'skip';

/** The fields of {@link FileDataSettings} as checks. */
export interface FileFields extends ExampleFields {
  readonly train: z.ZodType<string | string[]>;
  readonly test: z.ZodExactOptional<z.ZodType<string | string[]>>;
  readonly split: z.ZodExactOptional<z.ZodType<TestFraction>>;
  readonly shuffle: z.ZodDefault<z.ZodType<Shuffle>>;
}

const mostFiles = 65_536;
const mostWords = 1_048_576;

/** Path of a file or a folder. */
export const pathSchema: z.ZodType<string> = z.string().min(1);

const filesRule = 'must be the path of a file, or a list of paths';
const files: z.ZodType<string | string[]> = z.union(
  [
    pathSchema,
    listOf(pathSchema, mostFiles).pipe(z.array(z.string()).min(1, 'must have at least one path')),
  ],
  filesRule,
);
const fraction: z.ZodType<TestFraction> = z.strictObject({
  test: realNumber(
    'must be a number above 0 and below 1',
    (value) => value > 0 && value < 1,
  ).describe('Part of the training examples that is kept for the test, drawn by the seed.'),
});

/** Check of the field `split`. */
export const testFraction: z.ZodExactOptional<z.ZodType<TestFraction>> = fraction
  .exactOptional()
  .describe('Keeps a part of the training examples for the test.');

/** Check of the field `shuffle`. */
export function shuffleSchema(usual: Shuffle): z.ZodDefault<z.ZodType<Shuffle>> {
  const schema: z.ZodType<Shuffle> = z.enum(['full', 'blocks', 'none']);
  return schema.default(usual).describe('Order of the examples in an epoch: full, blocks, none.');
}

/** The fields of {@link FileDataSettings}, for a strict object that has others beside them. */
export const fileFields: FileFields = {
  train: files.describe('File of the training examples, or several.'),
  test: files.exactOptional().describe('File of the test examples, or several.'),
  split: testFraction,
  shuffle: shuffleSchema('full'),
  ...exampleFields,
};

/** Check of the field `onBadExample`. */
export const onBadExampleSchema: z.ZodDefault<z.ZodType<OnBadExample>> = (
  z.enum(['fail', 'skip']) as z.ZodType<OnBadExample>
).default('fail');

/** Check of words of which none comes twice, at least one. */
export const differentWords: z.ZodType<string[]> = listOf(z.string().min(1), mostWords).refine(
  (words) => words.length > 0 && new Set(words).size === words.length,
  'must be different words, at least one',
);

/** Check of the words of a column. */
export const categoriesSchema: z.ZodType<Categories> = z.union(
  [z.literal('found'), differentWords],
  'must be "found", or a list of different words',
);

const field = z.string().min(1);
const fields = z.union(
  [field, listOf(field, mostWords).pipe(z.array(z.string()).min(1, 'must have at least one name'))],
  'must be a name, or a list of names',
);

/** Check of fields by name. */
export const fieldsByName: z.ZodType<FieldsByName> = z.union(
  [fields, z.record(z.string(), fields)],
  'must be a name, a list of names, or several by the name of the input',
);

/** Test files and a test fraction exclude each other. */
export function hasOneTest(settings: object): boolean {
  return !('test' in settings && 'split' in settings);
}

/** The rule for whoever gave both. */
export const oneTest: { readonly path: string[]; readonly message: string } = {
  path: ['split'],
  message: 'must be left out where test says which examples are for the test',
};
