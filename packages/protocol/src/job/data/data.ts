import { z } from 'zod';

import { ruleOfType } from '../values.ts';
import { arrays } from './arrays.ts';
import type { ArraysSettings } from './arrays.ts';
import { cifar10, idx, linear, mnist } from './built-in.ts';
import type { Cifar10Settings, IdxSettings, LinearSettings, MnistSettings } from './built-in.ts';
import { exampleFields } from './examples.ts';
import type { ExampleSettings } from './examples.ts';
import { csv } from './csv.ts';
import type { CsvSettings } from './csv.ts';
import { jsonLines } from './json-lines.ts';
import type { JsonLinesSettings } from './json-lines.ts';
import { npy, npz } from './numpy.ts';
import type { NpySettings, NpzSettings } from './numpy.ts';
import { parquet } from './parquet.ts';
import type { ParquetSettings } from './parquet.ts';
import { images } from './images.ts';
import type { ImagesSettings } from './images.ts';
import { text } from './text.ts';
import type { TextSettings } from './text.ts';
import { hasOneTest, oneTest } from './files.ts';

/** On what a model is trained. `function`: made by a function of the job file. */
export type DataSettings =
  | MnistSettings
  | Cifar10Settings
  | IdxSettings
  | LinearSettings
  | ArraysSettings
  | CsvSettings
  | JsonLinesSettings
  | NpySettings
  | NpzSettings
  | ParquetSettings
  | ImagesSettings
  | TextSettings
  | FunctionDataSettings;

/** What functions of the job file read. */
export interface FunctionDataSettings extends ExampleSettings {
  readonly type: 'function';
}

const types = [
  'mnist',
  'cifar10',
  'idx',
  'linear',
  'arrays',
  'csv',
  'jsonLines',
  'npy',
  'npz',
  'parquet',
  'images',
  'text',
  'function',
];

/** Check of the data's settings. */
export const dataSchema: z.ZodType<DataSettings> = z
  .discriminatedUnion(
    'type',
    [
      mnist,
      cifar10,
      idx,
      linear,
      arrays,
      csv,
      jsonLines,
      npy,
      npz,
      parquet,
      images,
      text,
      z.strictObject({ type: z.literal('function'), ...exampleFields }),
    ],
    { error: ruleOfType('data such as { type: "mnist" }, or a function', types) },
  )
  .refine(hasOneTest, oneTest);
