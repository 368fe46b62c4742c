/**
 * IDX files, the format of MNIST (http://yann.lecun.com/exdb/mnist/, "the IDX file format"): two zero bytes, a type,
 * the number of dimensions, the dimensions as big-endian 32-bit numbers, then the values in row-major order.
 */
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { TrainingError, messageOf } from '../errors.ts';
import { readWholeFile } from './files/open-file.ts';
import { isWebAddress } from './http/address.ts';

/** A parsed IDX file. `bytes` is the whole (unpacked) file, `body` the values in it, big-endian. */
export interface IdxFile {
  readonly path: string;
  readonly type: IdxType;
  readonly dimensions: readonly number[];
  readonly bytes: Uint8Array;
  readonly body: Uint8Array;
}

/** Type of the values. */
export type IdxType = 'uint8' | 'int8' | 'int16' | 'int32' | 'float32' | 'float64';

const types: ReadonlyMap<number, { readonly type: IdxType; readonly size: number }> = new Map([
  [0x08, { type: 'uint8', size: 1 }],
  [0x09, { type: 'int8', size: 1 }],
  [0x0b, { type: 'int16', size: 2 }],
  [0x0c, { type: 'int32', size: 4 }],
  [0x0d, { type: 'float32', size: 4 }],
  [0x0e, { type: 'float64', size: 8 }],
]);

/**
 * Reads and checks a file; a file that starts with the gzip magic is unpacked first.
 * @throws {TrainingError} `missing-data` when it cannot be read, `bad-data` (file and offset) when it is no IDX file.
 */
export async function readIdxFile(path: string): Promise<IdxFile> {
  return parseIdx(path, await unpack(path, readBytes(path)));
}

/** The same for bytes already read; `path` is only for the words. */
export function parseIdx(path: string, bytes: Uint8Array): IdxFile {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.byteLength < 4 || view.getUint16(0) !== 0) {
    throw badFile(path, 0, 'an IDX file starts with two zero bytes, a type and a rank');
  }
  const known = types.get(view.getUint8(2));
  if (known === undefined) {
    throw badFile(path, 2, `0x${view.getUint8(2).toString(16)} is no IDX type`);
  }
  const rank = view.getUint8(3);
  const start = 4 + 4 * rank;
  if (rank === 0 || bytes.byteLength < start) {
    throw badFile(path, 3, `the header of a rank ${String(rank)} file is not complete`);
  }
  const dimensions = Array.from({ length: rank }, (_, axis) => view.getUint32(4 + 4 * axis));
  const expected = dimensions.reduce((product, dimension) => product * dimension, known.size);
  if (bytes.byteLength - start !== expected) {
    const shape = `[${dimensions.join(', ')}]`;
    const found = String(bytes.byteLength - start);
    throw badFile(
      path,
      Math.min(bytes.byteLength, start + expected),
      `${shape} of ${known.type} takes ${String(expected)} bytes, the file has ${found} after its header`,
    );
  }
  return { path, type: known.type, dimensions, bytes, body: bytes.subarray(start) };
}

/** An error that names the file and the byte. */
export function badFile(path: string, offset: number, reason: string): TrainingError {
  return new TrainingError('bad-data', `${path}, byte ${String(offset)}: ${reason}`, {
    data: { path, offset },
  });
}

function readBytes(path: string): Uint8Array {
  try {
    // In one piece: the asynchronous readFile goes through the thread pool for every half megabyte.
    return isWebAddress(path) ? readWholeFile(path) : readFileSync(path);
  } catch (error) {
    if (error instanceof TrainingError) throw error;
    throw new TrainingError('missing-data', `cannot read ${path}: ${messageOf(error)}`, {
      data: { path },
      cause: error,
    });
  }
}

async function unpack(path: string, bytes: Uint8Array): Promise<Uint8Array> {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  try {
    return await promisify(gunzip)(bytes);
  } catch (error) {
    throw badFile(path, 0, `the gzip data cannot be unpacked: ${messageOf(error)}`);
  }
}
