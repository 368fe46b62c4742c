/**
 * The header of a `.npy` file (numpy.org/doc/stable/reference/generated/numpy.lib.format.html, versions 1.0 to 3.0): a magic
 * word, a version, the length of the rest, and the literal of a Python dictionary.
 */
import { TrainingError } from '../../errors.ts';
import type { ByteSource } from '../files/byte-source.ts';
import { elementTypeNames, elementTypeOf } from './element-types.ts';
import type { ElementType } from './element-types.ts';

/** What the header says. */
export interface NpyHeader {
  readonly type: ElementType;
  /** The first index runs fastest. */
  readonly isFortran: boolean;
  readonly shape: readonly number[];
  /** Place of the first element. */
  readonly start: number;
}

const magic = Buffer.from('\x93NUMPY', 'latin1');
/** Far more than any array of numbers needs. */
const mostHeaderBytes = 2 ** 20;

/** @throws {TrainingError} `bad-data`, naming the file and what of it is not read. */
export function readNpyHeader(source: ByteSource): NpyHeader {
  const first = readBytes(source, 0, Math.min(12, source.size));
  if (first.length < 10 || !first.subarray(0, 6).equals(magic)) {
    throw badNpy(source, 'it does not start as a NumPy file does');
  }
  const major = first[6] ?? 0;
  if (major < 1 || major > 3)
    throw badNpy(source, `version ${String(major)} of the format is not known`);
  const prefix = major === 1 ? 10 : 12;
  const length =
    major === 1 ? first.readUInt16LE(8) : first.length < 12 ? 0 : first.readUInt32LE(8);
  const start = prefix + length;
  if (length > mostHeaderBytes || start > source.size)
    throw badNpy(source, 'its header is not complete');
  const text = readBytes(source, prefix, length).toString(major === 3 ? 'utf8' : 'latin1');
  return checkSize(source, { ...parseHeader(source, text), start });
}

function parseHeader(source: ByteSource, text: string): Omit<NpyHeader, 'start'> {
  const order = /'fortran_order'\s*:\s*(True|False)/.exec(text)?.[1];
  const dimensions = /'shape'\s*:\s*\(([\d\sL,]*)\)/.exec(text)?.[1];
  if (order === undefined || dimensions === undefined)
    throw badNpy(source, 'its header is no NumPy header');
  const shape = dimensions
    .split(',')
    .map((each) => each.trim().replace(/L$/, ''))
    .filter((each) => each !== '')
    .map(Number);
  if (/'descr'\s*:\s*\[/.test(text)) {
    throw badNpy(
      source,
      'its elements have fields (a structured dtype): save one array for each field',
    );
  }
  const description = /'descr'\s*:\s*'([^']*)'/.exec(text)?.[1] ?? '';
  const type = elementTypeOf(description);
  if (type === undefined) throw badNpy(source, whyNot(description));
  if (shape.length === 0)
    throw badNpy(
      source,
      'it holds one number, not an array: the first dimension counts the examples',
    );
  return { type, isFortran: order === 'True', shape };
}

function whyNot(description: string): string {
  const kinds: Readonly<Record<string, string>> = {
    O: 'Python objects',
    U: 'text',
    S: 'text',
    c: 'complex numbers',
    M: 'dates',
    m: 'times',
    V: 'raw bytes',
  };
  const [, letter = ''] = /^[<>|=]?(\w)/.exec(description) ?? [];
  const found = kinds[letter] ?? `elements of type ${JSON.stringify(description)}`;
  return `it holds ${found}; types that are read: ${elementTypeNames.join(', ')}`;
}

function checkSize(source: ByteSource, header: NpyHeader): NpyHeader {
  const needed = header.shape.reduce((product, dimension) => product * dimension, header.type.size);
  const found = source.size - header.start;
  if (needed === found) return header;
  const shape = `[${header.shape.join(', ')}]`;
  throw badNpy(
    source,
    `shape ${shape} takes ${String(needed)} bytes, there are ${String(found)} behind the header`,
  );
}

function readBytes(source: ByteSource, start: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  source.readAt(bytes, start);
  return bytes;
}

/** An error that names the file. */
function badNpy({ path }: ByteSource, reason: string): TrainingError {
  return new TrainingError('bad-data', `${path}: ${reason}`, { data: { path } });
}
