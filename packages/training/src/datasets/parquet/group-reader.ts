/** The cells of a row group: the values of its columns, row by row, as Float32. */
import { TrainingError } from '../../errors.ts';
import { writeNested } from '../cells/nested.ts';
import { placesOf, wordOf } from '../cells/sources.ts';
import type { Places, Source } from '../cells/sources.ts';
import { codeAt } from '../cells/vocabulary.ts';
import { RowProblem } from '../rows/row-problem.ts';
import type { ParquetFile, RowGroup } from './parquet-file.ts';

/** A row group of one of several files. */
export interface FileGroup {
  readonly from: ParquetFile;
  readonly group: RowGroup;
  /** 1 for each row that is an example; undefined: all are. What others hold is of no matter. */
  readonly kept?: Uint8Array;
}

/** The shapes of the columns, from the first row that is an example. @throws {TrainingError} `bad-data` */
export async function readPlaces(
  groups: readonly FileGroup[],
  sources: readonly Source[],
): Promise<Places> {
  const from = groups.find(({ kept }) => kept?.includes(1) ?? true);
  if (from === undefined) throw new RangeError('there is no example');
  const start = from.group.start + (from.kept?.indexOf(1) ?? 0);
  const values: unknown[] = [];
  for (const [i, { field }] of sources.entries()) {
    await from.from.readColumn(field, { start, rows: 1 }, (column, row) => {
      if (row <= 0) values[i] ??= column[-row];
    });
  }
  return located(from, start, () => placesOf(values, sources));
}

/**
 * The cells of a group. Columns are read one after the other: no more than one is in memory beside the cells.
 * @throws {TrainingError} `bad-data` with file, row (from 1) and column.
 */
export async function readGroup(
  from: FileGroup,
  sources: readonly Source[],
  { shapes, at, width }: Places,
): Promise<Float32Array> {
  const { rows, start } = from.group;
  const cells = new Float32Array(rows * width);
  for (const [i, source] of sources.entries()) {
    const [shape, place] = [shapes[i] ?? [], at[i] ?? 0];
    await from.from.readColumn(source.field, from.group, (values, first) => {
      // A piece may have rows of other groups before and behind.
      const last = Math.min(values.length, rows - first);
      for (let k = Math.max(0, -first); k < last; k += 1) {
        if (from.kept?.[first + k] === 0) continue;
        const cell = (first + k) * width + place;
        const value: unknown = values[k];
        if (
          isPlain(value) &&
          source.vocabulary === undefined &&
          shape.length === 1 &&
          shape[0] === 1
        ) {
          cells[cell] = value;
        } else {
          located(from, start + first + k, () => {
            writeValue(source, { cells, shape, place: source.place }, { value, cell });
          });
        }
      }
    });
  }
  return cells;
}

/** Learns the words of columns whose words are not known yet, and closes their vocabularies. */
export async function learnWords(
  groups: readonly FileGroup[],
  sources: readonly Source[],
): Promise<void> {
  for (const { field, place, vocabulary } of sources) {
    if (vocabulary?.isOpen !== true) continue;
    for (const from of groups) {
      await from.from.readColumn(field, from.group, (values, first) => {
        for (const [k, value] of Array.from(values as ArrayLike<unknown>).entries()) {
          if (from.kept?.[first + k] === 0) continue;
          located(from, from.group.start + first + k, () =>
            codeAt(place, wordOf(value, place), vocabulary),
          );
        }
      });
    }
    vocabulary.close();
  }
}

/** Writes a value of a column from `cell` on. @throws {RowProblem} */
export function writeValue(
  { vocabulary }: Source,
  target: {
    readonly cells: Float32Array;
    readonly shape: readonly number[];
    readonly place: string;
  },
  { value, cell }: { readonly value: unknown; readonly cell: number },
): void {
  if (vocabulary === undefined) {
    writeNested(target, ArrayBuffer.isView(value) ? [...(value as Float32Array)] : value, cell);
  } else {
    target.cells[cell] = codeAt(target.place, wordOf(value, target.place), vocabulary);
  }
}

/** The usual: a number that fits into 32 bits. */
function isPlain(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(Math.fround(value));
}

function located<T>(from: FileGroup, row: number, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw error instanceof RowProblem ? rowError(from, row, error) : error;
  }
}

/** A problem with its file and row (`row` is from 0), as users hear it. */
export function rowError(
  { from }: FileGroup,
  row: number,
  { place, message }: RowProblem,
): TrainingError {
  const { path } = from.file;
  const where = `${path}, row ${String(row + 1)}${place === undefined ? '' : `, ${place}`}`;
  return new TrainingError('bad-data', `${where}: ${message}`, { data: { path, row: row + 1 } });
}
