/** Data in files that are read by example: none of them needs to fit into memory. */
import type { ExampleOptions, Where } from './examples.ts';

/** What all of them have. */
export interface FileData extends ExampleOptions {
  /** One file, or several, one after the other; paths are relative to the folder in which the command runs. */
  readonly train: string | readonly string[];
  readonly test?: string | readonly string[];
  /** Part of the training examples that is for the test, chosen by the seed; only without `test`. */
  readonly split?: { readonly test: number };
  /**
   * Order of the examples in an epoch. `full`: any permutation; `blocks`: blocks of neighbours in any order, and examples
   * mixed within a few of them; `none`: as they are in the files.
   */
  readonly shuffle?: 'full' | 'blocks' | 'none';
}

/** Rows of text: comma-separated, or with another delimiter. */
export interface CsvData extends FileData {
  readonly type: 'csv';
  /** One ASCII character; a comma by default. */
  readonly delimiter?: string;
  /** Whether the first row of each file has the names of the columns; true by default. */
  readonly header?: boolean;
  readonly columns: { readonly x: CsvColumnsByName; readonly y: CsvColumnsByName };
  /**
   * Columns of words: the list of words, or `found`, the sorted words of the training files. In x they are one-hot, in y
   * as the loss wants its labels.
   */
  readonly categories?: Readonly<Record<string, 'found' | readonly string[]>>;
  /** Which rows there are; others are left out and counted. */
  readonly where?: Where;
  /** A broken row ends the run before it begins, or is left out and counted; `fail` by default. */
  readonly onBadExample?: 'fail' | 'skip';
}

/** A column by its name in the header, or by its number, from 1. */
export type CsvColumn = string | number;

/** Columns side by side, in this order; a range has both its ends. */
export type CsvColumns = readonly (
  CsvColumn | { readonly from: CsvColumn; readonly to: CsvColumn }
)[];

/** The columns of the only input or output, or of several by name. */
export type CsvColumnsByName = CsvColumns | Readonly<Record<string, CsvColumns>>;

/** Rows of comma-separated text. */
export function csv(options: Omit<CsvData, 'type'>): CsvData {
  return { type: 'csv', ...options };
}

/** Rows of text with tabs between the fields. */
export function tsv(options: Omit<CsvData, 'type' | 'delimiter'>): CsvData {
  return { type: 'csv', delimiter: '\t', ...options };
}

/** A JSON object in each line. */
export interface JsonLinesData extends FileData {
  readonly type: 'jsonLines';
  readonly fields: { readonly x: FieldsByName; readonly y: FieldsByName };
  /** Fields of words, as in {@link CsvData}. */
  readonly categories?: Readonly<Record<string, 'found' | readonly string[]>>;
  /** Which rows there are; others are left out and counted. */
  readonly where?: Where;
  /** A broken line ends the run before it begins, or is left out and counted; `fail` by default. */
  readonly onBadExample?: 'fail' | 'skip';
}

/**
 * Names of fields (dotted in JSON, where objects are nested: `user.age`) or columns: numbers, or nested lists of them
 * that have the same shape in every example. Several are side by side; several inputs or outputs are given by name.
 */
export type FieldsByName =
  string | readonly string[] | Readonly<Record<string, string | readonly string[]>>;

/** Lines of JSON. */
export function jsonLines(options: Omit<JsonLinesData, 'type'>): JsonLinesData {
  return { type: 'jsonLines', ...options };
}

/** A path or the name of an array; or several by the name of the input or output. */
export type OneOrByName = string | Readonly<Record<string, string>>;

/** How NumPy arrays are given. */
export interface NumpyForm extends ExampleOptions {
  /** Part of the training examples that is for the test, chosen by the seed; only without `test`. */
  readonly split?: { readonly test: number };
  /**
   * Order of the examples in an epoch. `full`: any permutation; `blocks`: blocks of neighbours in any order, and examples
   * mixed within a few of them; `none`: as they are in the files.
   */
  readonly shuffle?: 'full' | 'blocks' | 'none';
  /** By how much each number of x is multiplied, 1/255 for pixels; 1 by default. */
  readonly scale?: number;
  /** Labels are class numbers below this, given as the loss wants them; without it they are numbers as they are. */
  readonly classes?: number;
}

/** Files of inputs and labels. */
export interface NpyFiles {
  readonly x: OneOrByName;
  readonly y: OneOrByName;
  /** Weights of the examples, [n] or of the shape of the loss's values: for all outputs, or by their names. */
  readonly sampleWeight?: OneOrByName;
}

/** NumPy arrays in files of their own. */
export interface NpyData extends NumpyForm {
  readonly type: 'npy';
  readonly train: NpyFiles;
  readonly test?: NpyFiles;
}

/** An archive and names of arrays in it. */
export interface NpzArrays extends NpyFiles {
  readonly file: string;
}

/** NumPy arrays in an archive. Those of `np.savez` stay in the file, those of `np.savez_compressed` are unpacked into memory. */
export interface NpzData extends NumpyForm {
  readonly type: 'npz';
  readonly train: NpzArrays;
  readonly test?: NpzArrays;
}

/** NumPy arrays in files of their own; the first dimension counts the examples. */
export function npy(options: Omit<NpyData, 'type'>): NpyData {
  return { type: 'npy', ...options };
}

/** NumPy arrays in an archive; the first dimension counts the examples. */
export function npz(options: Omit<NpzData, 'type'>): NpzData {
  return { type: 'npz', ...options };
}

/** Parquet files. */
export interface ParquetData extends FileData {
  readonly type: 'parquet';
  readonly columns: { readonly x: FieldsByName; readonly y: FieldsByName };
  /** Columns of words, as in {@link CsvData}. */
  readonly categories?: Readonly<Record<string, 'found' | readonly string[]>>;
  /** Which rows there are; others are left out and counted. */
  readonly where?: Where;
  /** A row with a broken value ends the run when it is read, or is left out and counted; `fail` by default. */
  readonly onBadExample?: 'fail' | 'skip';
}

/** Parquet files, read by row group: `shuffle` is `blocks` unless told otherwise. */
export function parquet(options: Omit<ParquetData, 'type'>): ParquetData {
  return { type: 'parquet', ...options };
}

/** PNG and JPEG files in a folder for each class; the names of the folders, sorted, are the classes. */
export interface ImagesData extends ExampleOptions {
  readonly type: 'images';
  readonly train: string;
  readonly test?: string;
  /** Part of the training images that is for the test, chosen by the seed; only without `test`. */
  readonly split?: { readonly test: number };
  readonly shuffle?: 'full' | 'blocks' | 'none';
  /** Only these folders, in this order; all of them, sorted, without it. */
  readonly classes?: readonly string[];
  /** [height, width] to which all images are scaled. */
  readonly size: readonly [number, number];
  /** Grey or colour; 3 by default. */
  readonly channels?: 1 | 3;
  /** An image that cannot be decoded ends the run when it is read, or is left out and counted; `fail` by default. */
  readonly onBadExample?: 'fail' | 'skip';
}

/** Images in folders, as [height, width, channels] in 0..1. */
export function images(options: Omit<ImagesData, 'type'>): ImagesData {
  return { type: 'images', ...options };
}

/** Text as windows of tokens; the label of each token is the next one. */
export interface TextData extends FileData {
  readonly type: 'text';
  /** Bytes, or the byte-pair encoding of GPT-2 (50,257 tokens, all of which stay in memory, 2 bytes each); `bytes` by default. */
  readonly tokens?: 'bytes' | 'gpt2';
  /** Tokens of an example. */
  readonly length: number;
}

/** Text as [length] numbers below 256, or below 50,257. */
export function text(options: Omit<TextData, 'type'>): TextData {
  return { type: 'text', ...options };
}
