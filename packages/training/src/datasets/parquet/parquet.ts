/** Parquet files, read by row group (https://parquet.apache.org/docs/file-format). */
import { resolve } from 'node:path';
import { TrainingError } from '../../errors.ts';
import { assembleAll, createSources } from '../cells/sources.ts';
import type { FieldsByName, Places, Source, Sources } from '../cells/sources.ts';
import type { AnyDataset, AnySplit, Batch, DatasetOptions, LabelForm } from '../dataset.ts';
import { createDataset } from '../dataset.ts';
import { digestOf } from '../digest.ts';
import { digestOfStoredFile } from '../file-digest.ts';
import { divideSplit } from '../files/divide-split.ts';
import { closeAll } from '../files/open-all.ts';
import type { FileSettings } from '../files/open-splits.ts';
import { checkIndices } from '../gather.ts';
import { shown } from '../rows/row-problem.ts';
import { createBlockCache } from './block-cache.ts';
import type { BlockCache } from './block-cache.ts';
import { learnWords, readGroup, readPlaces } from './group-reader.ts';
import type { FileGroup } from './group-reader.ts';
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
}

/** Unpacked row groups that are kept. Part of what orders depend on (half of it is a window): never change it. */
const cacheBytes = 2 ** 25;

/** @throws {TrainingError} `missing-data`; `bad-data` with the file, and for values with row and column. */
export async function openParquet(
  settings: ParquetSettings,
  { labels, seed }: DatasetOptions,
): Promise<AnyDataset> {
  const sources = createSources(
    settings.columns,
    settings.categories,
    (name) => `column ${shown(name)}`,
  );
  const train = await openSplit([settings.train].flat(), sources, labels);
  try {
    if (settings.split !== undefined) return divideSplit(train, settings.split.test, seed);
    if (settings.test === undefined) return createDataset(train, undefined);
    return createDataset(train, await openSplit([settings.test].flat(), sources, labels));
  } catch (error) {
    train.close?.();
    throw error;
  }
}

async function openSplit(
  paths: readonly string[],
  sources: Sources,
  labels: LabelForm,
): Promise<AnySplit> {
  const files: ParquetFile[] = [];
  const close = (): void => {
    closeAll(files.map(({ file }) => file));
  };
  try {
    for (const path of paths) files.push(await openParquetFile(resolve(path)));
    for (const file of files) checkColumns(file, sources.sources);
    const groups = files.flatMap((from) => from.groups.map((group) => ({ from, group })));
    const [first] = groups;
    if (first === undefined) throw noExample(paths);
    await learnWords(groups, sources.sources);
    const places = await readPlaces(first, sources.sources);
    const digest = digestOf(files.map(({ file }) => digestOfStoredFile(file)));
    return { ...createSplit({ groups, sources, places, labels }, digest), close };
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

/** Examples that are wanted of a block. */
interface Wanted {
  readonly block: number;
  /** The first example of the block. */
  readonly start: number;
  readonly indices: Uint32Array;
  /** Places in `indices`. */
  readonly places: Uint32Array;
}

function wantedBlocks(sizes: readonly number[], indices: Uint32Array): readonly Wanted[] {
  const at = (place: number): number => indices[place] ?? 0;
  const sorted = Uint32Array.from(indices.keys()).sort((a, b) => at(a) - at(b));
  const wanted: Wanted[] = [];
  let [start, next] = [0, 0];
  for (const [block, size] of sizes.entries()) {
    const first = next;
    while (next < sorted.length && at(sorted[next] ?? 0) < start + size) next += 1;
    if (next > first) wanted.push({ block, start, indices, places: sorted.subarray(first, next) });
    start += size;
  }
  return wanted;
}

/** Copies at once what is there; the first block that is not makes the rest come later, one block after the other. */
function copyBlocks(
  cache: BlockCache,
  wanted: readonly Wanted[],
  to: { readonly cells: Float32Array; readonly width: number },
): Promise<void> | undefined {
  for (const [i, each] of wanted.entries()) {
    const values = cache.get(each.block);
    if (values instanceof Promise) return copyLater(cache, wanted.slice(i), to);
    copyRows(values, each, to);
  }
  return undefined;
}

async function copyLater(
  cache: BlockCache,
  wanted: readonly Wanted[],
  to: { readonly cells: Float32Array; readonly width: number },
): Promise<void> {
  for (const each of wanted) copyRows(await cache.get(each.block), each, to);
}

function copyRows(
  values: Float32Array,
  { start, indices, places }: Wanted,
  { cells, width }: { readonly cells: Float32Array; readonly width: number },
): void {
  for (const place of places) {
    const row = (indices[place] ?? 0) - start;
    cells.set(values.subarray(row * width, (row + 1) * width), place * width);
  }
}

function checkColumns({ file, columns }: ParquetFile, sources: readonly Source[]): void {
  const missing = sources.find(({ field }) => columns.length > 0 && !columns.includes(field));
  if (missing === undefined) return;
  const words = `${file.path}: there is no ${missing.place}; it has ${columns.map(shown).join(', ')}`;
  throw new TrainingError('bad-data', words, { data: { path: file.path, column: missing.field } });
}

function noExample(paths: readonly string[]): TrainingError {
  return new TrainingError('bad-data', `${paths.join(', ')}: there is no example`);
}
