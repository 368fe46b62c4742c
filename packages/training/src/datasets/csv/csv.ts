/** Text files of rows: comma-separated, or with another delimiter. */
import type { Dataset, DatasetOptions } from '../dataset.ts';
import { openSplits } from '../files/open-splits.ts';
import type { FileSettings } from '../files/open-splits.ts';
import type { OnBadExample } from '../rows/bad-examples.ts';
import { openRowSplit } from '../rows/row-split.ts';
import { createCsvFormat } from './csv-format.ts';
import type { CsvFormatSettings } from './csv-format.ts';

/**
 * Settings of `{ type: 'csv' }`. A column is named, or has a number from 1; a range takes both its ends. A column of
 * `categories` has words: a closed list, or `found`, the sorted words of the training files.
 */
export interface CsvSettings extends FileSettings, CsvFormatSettings {
  readonly type: 'csv';
  readonly onBadExample: OnBadExample;
}

/**
 * Parses every row once, so that a broken one ends the run before it begins.
 * @throws {TrainingError} `missing-data`; `bad-data` with file, line and column.
 */
export function openCsv(settings: CsvSettings, { labels, seed }: DatasetOptions): Dataset {
  const format = createCsvFormat(settings, labels);
  const { onBadExample } = settings;
  return openSplits(settings, seed, (paths) => openRowSplit({ paths, format, onBadExample }));
}
