/** Text files with a JSON object in each line (https://jsonlines.org). */
import type { Dataset, DatasetOptions } from '../dataset.ts';
import { openSplits } from '../files/open-splits.ts';
import type { FileSettings } from '../files/open-splits.ts';
import type { OnBadExample } from '../rows/bad-examples.ts';
import { openRowSplit } from '../rows/row-split.ts';
import { createJsonFormat } from './json-format.ts';
import type { JsonFormatSettings } from './json-format.ts';

/**
 * Settings of `{ type: 'jsonLines' }`. A field is named with dots (`user.age`), and holds a number, or nested lists of
 * the same shape in every line; one of `categories` holds a word.
 */
export interface JsonLinesSettings extends FileSettings, JsonFormatSettings {
  readonly type: 'jsonLines';
  readonly onBadExample: OnBadExample;
}

/**
 * Parses every line once, so that a broken one ends the run before it begins.
 * @throws {TrainingError} `missing-data`; `bad-data` with file, line, and field or column.
 */
export function openJsonLines(
  settings: JsonLinesSettings,
  { labels, seed }: DatasetOptions,
): Dataset {
  const format = createJsonFormat(settings, labels);
  const { onBadExample } = settings;
  return openSplits(settings, seed, (paths) => openRowSplit({ paths, format, onBadExample }));
}
