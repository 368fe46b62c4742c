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
}

/** Reads what the shapes of the columns are, from the first row. @throws {TrainingError} `bad-data` */
export async function readPlaces(first: FileGroup, sources: readonly Source[]): Promise<Places> {
  const values: unknown[] = [];
  for (const [i, { field }] of sources.entries()) {
    await first.from.readColumn(field, { start: first.group.start, rows: 1 }, (column, row) => {
      if (row <= 0) values[i] ??= column[-row];
    });
  }
  return located(first, first.group.start, () => placesOf(values, sources));
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
          located(from, from.group.start + first + k, () =>
            codeAt(place, wordOf(value, place), vocabulary),
          );
        }
      });
    }
    vocabulary.close();
  }
}

function writeValue(
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

function located<T>({ from }: FileGroup, row: number, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof RowProblem)) throw error;
    const { path } = from.file;
    const place = error.place === undefined ? '' : `, ${error.place}`;
    throw new TrainingError(
      'bad-data',
      `${path}, row ${String(row + 1)}${place}: ${error.message}`,
      {
        data: { path, row: row + 1 },
      },
    );
  }
}
