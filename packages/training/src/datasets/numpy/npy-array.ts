/** A NumPy array in a file whose examples are read by number. */
import type { ByteSource } from '../files/byte-source.ts';
import type { NpyHeader } from './npy-header.ts';

/** An opened array; the first dimension counts the examples. */
export interface NpyArray {
  readonly source: ByteSource;
  readonly header: NpyHeader;
}

/** Neighbours are read together, up to so many bytes. */
const mostTogetherBytes = 2 ** 22;

/** The shape of an example; a number is [1]. */
export function exampleShape({ header }: NpyArray): readonly number[] {
  const shape = header.shape.slice(1);
  return shape.length === 0 ? [1] : shape;
}

/** The values of the examples at `indices`, in that order. The file is read from front to back. */
export function readExamples(array: NpyArray, indices: Uint32Array): Float32Array {
  const size = exampleShape(array).reduce((product, dimension) => product * dimension, 1);
  const values = new Float32Array(indices.length * size);
  const places = Uint32Array.from(indices.keys()).sort(
    (a, b) => (indices[a] ?? 0) - (indices[b] ?? 0),
  );
  const order = { indices, places };
  if (!array.header.isFortran || size === 1) readRuns(array, { values, size, ...order });
  else readColumns(array, { values, size, ...order });
  return values;
}

interface Wanted {
  readonly values: Float32Array;
  /** Elements of an example. */
  readonly size: number;
  readonly indices: Uint32Array;
  /** Places in `indices`, in ascending order of the index. */
  readonly places: Uint32Array;
}

/** Examples one after the other in the file: neighbours in one read. */
function readRuns({ source, header }: NpyArray, wanted: Wanted): void {
  const { values, size, indices, places } = wanted;
  const bytesEach = size * header.type.size;
  const most = Math.max(1, Math.floor(mostTogetherBytes / bytesEach));
  let at = 0;
  while (at < places.length) {
    const first = indices[places[at] ?? 0] ?? 0;
    const end = runEnd(wanted, at, most);
    const last = indices[places[end - 1] ?? 0] ?? 0;
    const bytes = new Uint8Array((last - first + 1) * bytesEach);
    source.readAt(bytes, header.start + first * bytesEach);
    for (; at < end; at += 1) {
      const place = places[at] ?? 0;
      const from = ((indices[place] ?? 0) - first) * bytesEach;
      const into = values.subarray(place * size, (place + 1) * size);
      header.type.decode(bytes.subarray(from, from + bytesEach), into);
    }
  }
}

function runEnd({ indices, places }: Wanted, start: number, most: number): number {
  const first = indices[places[start] ?? 0] ?? 0;
  let previous = first;
  let end = start + 1;
  while (end < places.length) {
    const index = indices[places[end] ?? 0] ?? 0;
    if (index - previous > 1 || index - first >= most) break;
    previous = index;
    end += 1;
  }
  return end;
}

/**
 * Fortran order: an example is scattered over the file, an element each `examples` elements. Examples that are near each
 * other are read together.
 */
function readColumns(array: NpyArray, { values, size, indices, places }: Wanted): void {
  const { header } = array;
  const [examples = 0] = header.shape;
  const column = new Float32Array(indices.length);
  const columnHeader = { ...header, shape: [examples], isFortran: false };
  fortranPlaces(header.shape.slice(1)).forEach((place, element) => {
    const start = header.start + element * examples * header.type.size;
    const one = { source: array.source, header: { ...columnHeader, start } };
    readRuns(one, { values: column, size: 1, indices, places });
    for (let i = 0; i < indices.length; i += 1) values[i * size + place] = column[i] ?? 0;
  });
}

/** Where the elements of an example, in the order in which the first index runs fastest, are in row-major order. */
function fortranPlaces(shape: readonly number[]): readonly number[] {
  return shape.reduceRight<readonly number[]>(
    (inner, dimension, axis) => {
      const stride = shape.slice(axis + 1).reduce((product, each) => product * each, 1);
      const steps = Array.from({ length: dimension }, (_, i) => i * stride);
      return inner.flatMap((place) => steps.map((step) => place + step));
    },
    [0],
  );
}
