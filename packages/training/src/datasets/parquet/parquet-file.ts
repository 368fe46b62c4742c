/** A Parquet file, read a column of a row group at a time. */
import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from 'node:zlib';
import { parquetMetadataAsync, parquetRead } from 'hyparquet';
import type { AsyncBuffer, ColumnData, Compressors, DecodedArray, FileMetaData } from 'hyparquet';
import { TrainingError, messageOf } from '../../errors.ts';
import { openStoredFile } from '../files/open-file.ts';
import type { StoredFile } from '../files/stored-file.ts';

/** Rows that are stored together. */
export interface RowGroup {
  readonly start: number;
  readonly rows: number;
}

/** An open file. */
export interface ParquetFile {
  readonly file: StoredFile;
  /** Those that have rows. */
  readonly groups: readonly RowGroup[];
  /** Names of the columns; of one with fields, the name of the whole. */
  readonly columns: readonly string[];
  /** Calls `onValues` for each piece of a column of a row group, with the number of its first row in the group. It may throw. */
  readColumn(
    column: string,
    group: RowGroup,
    onValues: (values: DecodedArray, first: number) => void,
  ): Promise<void>;
}

/** Snappy is in the library. Node's own decompressors take less time than those in JavaScript. */
const compressors: Compressors = {
  GZIP: (input) => gunzipSync(input),
  BROTLI: (input) => brotliDecompressSync(input),
  ZSTD: (input) => zstdDecompressSync(input),
};

/** @throws {TrainingError} `missing-data`; `bad-data` when it is no Parquet file. */
export async function openParquetFile(place: string): Promise<ParquetFile> {
  const file = openStoredFile(place);
  const { path } = file;
  const buffer: AsyncBuffer = {
    byteLength: file.size,
    slice(start, end = file.size) {
      const bytes = new Uint8Array(end - start);
      file.readAt(bytes, start);
      return bytes.buffer;
    },
  };
  try {
    const metadata = await parquetMetadataAsync(buffer);
    return {
      file,
      groups: groupsOf(metadata),
      columns: columnsOf(metadata),
      async readColumn(column, { start, rows }, onValues) {
        // Not handed on as they come: the library loses what is thrown then.
        const pieces: { readonly values: DecodedArray; readonly first: number }[] = [];
        const onChunk = (piece: ColumnData): void => {
          pieces.push({ values: piece.columnData, first: piece.rowStart - start });
        };
        const rowEnd = start + rows;
        const what = { file: buffer, metadata, compressors, columns: [column] };
        await parquetRead({ ...what, rowStart: start, rowEnd, onChunk }).catch((error: unknown) => {
          throw notRead(path, error);
        });
        for (const { values, first } of pieces) onValues(values, first);
      },
    };
  } catch (error) {
    file.close();
    throw notRead(path, error);
  }
}

function groupsOf({ row_groups: groups }: FileMetaData): readonly RowGroup[] {
  let start = 0;
  return groups
    .map(({ num_rows: count }) => {
      const group = { start, rows: Number(count) };
      start += group.rows;
      return group;
    })
    .filter(({ rows }) => rows > 0);
}

function columnsOf({ row_groups: groups }: FileMetaData): readonly string[] {
  const names = groups[0]?.columns.map(({ meta_data: about }) => about?.path_in_schema[0] ?? '');
  return [...new Set(names)];
}

function notRead(path: string, error: unknown): Error {
  if (error instanceof TrainingError) return error;
  const words = `${path} cannot be read as Parquet: ${messageOf(error)}`;
  return new TrainingError('bad-data', words, { data: { path }, cause: error });
}
