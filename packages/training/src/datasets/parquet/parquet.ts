/** Parquet files, read by row group (https://parquet.apache.org/docs/file-format). */
import { TrainingError } from '../../errors.ts';
import { assembleAll, createSources } from '../cells/sources.ts';
import type { FieldsByName, Places, Sources } from '../cells/sources.ts';
import type { AnyDataset, AnySplit, Batch, DatasetOptions, LabelForm } from '../dataset.ts';
import { createDataset } from '../dataset.ts';
import { digestOf } from '../digest.ts';
import { digestOfStoredFile } from '../file-digest.ts';
import { divideSplit } from '../files/divide-split.ts';
import { createChecks } from '../filter/where.ts';
import type { Check, Where } from '../filter/where.ts';
import { closeAll } from '../files/open-all.ts';
import type { FileSettings } from '../files/open-splits.ts';
import { partOf } from '../files/part-of-split.ts';
import { checkIndices } from '../gather.ts';
import type { OnBadExample } from '../rows/bad-examples.ts';
import { shown } from '../rows/row-problem.ts';
import { createBlockCache } from './block-cache.ts';
import { copyBlocks, wantedBlocks } from './copy-blocks.ts';
import { learnWords, readGroup, readPlaces } from './group-reader.ts';
import type { FileGroup } from './group-reader.ts';
import { chooseRows, keptRows } from './choose-rows.ts';
import { openParquetFile } from './parquet-file.ts';
import type { ParquetFile } from './parquet-file.ts';

/**
 * Settings of `{ type: 'parquet' }`. A column holds numbers, truth values, or lists of numbers of one length; one of
 * `categories` holds words.
 */
export interface ParquetSettings extends FileSettings {
  readonly type: 'parquet';
  readonly columns: { readonly x: FieldsByName; readonly y: FieldsByName };
  readonly categories: Readonly<Record<string, 'found' | readonly string[]>>;
  readonly where?: Where | undefined;
  readonly onBadExample: OnBadExample;
}

/** Unpacked row groups that are kept. Part of what orders depend on (half of it is a window): never change it. */
const cacheBytes = 2 ** 25;

/** @throws {TrainingError} `missing-data`; `bad-data` with the file, and for values with row and column. */
export async function openParquet(
  settings: ParquetSettings,
  { labels, seed }: DatasetOptions,
): Promise<AnyDataset> {
  const sources = createSources(settings.columns, settings.categories, placeOf);
  const { onBadExample } = settings;
  const how = { sources, labels, checks: createChecks(settings.where), onBadExample };
  const train = await openSplit([settings.train].flat(), how);
  try {
    if (settings.split !== undefined) return divideSplit(train, settings.split.test, seed);
    if (settings.test === undefined) return createDataset(train, undefined);
    return createDataset(train, await openSplit([settings.test].flat(), how));
  } catch (error) {
    train.close?.();
    throw error;
  }
}

/** How rows become examples. */
interface RowPlan {
  readonly sources: Sources;
  readonly labels: LabelForm;
  readonly checks: ReadonlyMap<string, Check>;
  readonly onBadExample: OnBadExample;
}

async function openSplit(paths: readonly string[], how: RowPlan): Promise<AnySplit> {
  const { sources, labels, checks } = how;
  const files: ParquetFile[] = [];
  const close = (): void => {
    closeAll(files.map(({ file }) => file));
  };
  try {
    for (const path of paths) files.push(await openParquetFile(path));
    const columns = [...sources.sources.map(({ field }) => field), ...checks.keys()];
    for (const file of files) checkColumns(file, columns);
    const all = files.flatMap((from) => from.groups.map((group) => ({ from, group })));
    const { groups, notices } = await chooseRows(all, { ...how, sources: sources.sources });
    const members = keptRows(groups);
    if (groups.length === 0 || members?.length === 0) throw noExample(paths, notices);
    await learnWords(groups, sources.sources);
    const places = await readPlaces(groups, sources.sources);
    const digest = digestOf(files.map(({ file }) => digestOfStoredFile(file)));
    const whole = { ...createSplit({ groups, sources, places, labels }, digest), close };
    return { ...(members === undefined ? whole : partOf(whole, members, digest)), notices };
  } catch (error) {
    close();
    throw error;
  }
}

interface SplitParts {
  readonly groups: readonly FileGroup[];
  readonly sources: Sources;
  readonly places: Places;
  readonly labels: LabelForm;
}

function createSplit(parts: SplitParts, digest: string): AnySplit {
  const { groups, places, sources } = parts;
  const sizes = groups.map(({ group }) => group.rows);
  const examples = sizes.reduce((sum, size) => sum + size, 0);
  const cache = createBlockCache(cacheBytes, (block) => {
    const group = groups[block];
    if (group === undefined) throw new RangeError(`there is no row group ${String(block)}`);
    return readGroup(group, sources.sources, places);
  });
  const rowBytes = places.width * Float32Array.BYTES_PER_ELEMENT;
  return {
    examples,
    digest,
    // Half of the cache: a batch at the end of a window has examples of the next one, too.
    blocks: { sizes, windowExamples: Math.max(1, Math.floor(cacheBytes / 2 / rowBytes)) },
    read(indices) {
      checkIndices(indices, examples);
      const wanted = wantedBlocks(sizes, indices);
      const cells = new Float32Array(indices.length * places.width);
      const reading = copyBlocks(cache, wanted, { cells, width: places.width });
      if (reading === undefined) return assemble(parts, cells, indices.length);
      return reading.then(() => assemble(parts, cells, indices.length));
    },
  };
}

function assemble(
  { sources, places, labels }: SplitParts,
  values: Float32Array,
  rows: number,
): Batch {
  const cells = { values, width: places.width, rows };
  const rest = { sources: sources.sources, places };
  return {
    examples: rows,
    x: assembleAll({ arrays: sources.x, words: 'oneHot', ...rest }, cells),
    y: assembleAll({ arrays: sources.y, words: labels, ...rest }, cells),
  };
}

function checkColumns({ file, columns }: ParquetFile, wanted: readonly string[]): void {
  const missing = wanted.find((name) => columns.length > 0 && !columns.includes(name));
  if (missing === undefined) return;
  const words = `${file.path}: there is no ${placeOf(missing)}; it has ${columns.map(shown).join(', ')}`;
  throw new TrainingError('bad-data', words, { data: { path: file.path, column: missing } });
}

function placeOf(column: string): string {
  return `column ${shown(column)}`;
}

function noExample(paths: readonly string[], notices: readonly string[]): TrainingError {
  const why = notices.map((line) => ` (${line})`).join('');
  return new TrainingError('bad-data', `${paths.join(', ')}: there is no example${why}`);
}
