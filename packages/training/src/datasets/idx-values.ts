/** Values of an IDX file as Float32. */
import type { IdxFile, IdxType } from './idx-file.ts';

/** Fills `into` with the values from element `start` on. */
export type ReadValues = (start: number, into: Float32Array) => void;

/** A reader of the file's values, each multiplied by `scale` (in Float64, then rounded once). */
export function createIdxReader(file: IdxFile, scale: number): ReadValues {
  const { body, type } = file;
  if (type === 'uint8') return createByteReader(body, scale);
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  const { read, size } = elementReaders[type];
  return (start, into) => {
    for (let i = 0; i < into.length; i += 1) into[i] = read(view, (start + i) * size) * scale;
  };
}

/** Bytes are the hot case (images): a table of the 256 products instead of a multiplication and a rounding each. */
function createByteReader(body: Uint8Array, scale: number): ReadValues {
  const table = Float32Array.from({ length: 256 }, (_, byte) => byte * scale);
  return (start, into) => {
    for (let i = 0; i < into.length; i += 1) into[i] = table[body[start + i] ?? 0] ?? 0;
  };
}

const elementReaders: Readonly<
  Record<IdxType, { readonly size: number; readonly read: (view: DataView, at: number) => number }>
> = {
  uint8: { size: 1, read: (view, at) => view.getUint8(at) },
  int8: { size: 1, read: (view, at) => view.getInt8(at) },
  int16: { size: 2, read: (view, at) => view.getInt16(at) },
  int32: { size: 4, read: (view, at) => view.getInt32(at) },
  float32: { size: 4, read: (view, at) => view.getFloat32(at) },
  float64: { size: 8, read: (view, at) => view.getFloat64(at) },
};
