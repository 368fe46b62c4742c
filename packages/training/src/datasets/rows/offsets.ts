/** A growing list of places in a file: 4 bytes each below 4 GiB, 8 beyond. */

/** Places, in the order in which they came. */
export interface Offsets {
  readonly length: number;
  push(offset: number): void;
  at(index: number): number;
}

const firstCapacity = 1024;

/** An empty list for a file of `size` bytes. */
export function createOffsets(size: number): Offsets {
  const create = (length: number): Uint32Array | Float64Array =>
    size < 2 ** 32 ? new Uint32Array(length) : new Float64Array(length);
  let places = create(firstCapacity);
  let length = 0;
  return {
    get length() {
      return length;
    },
    push(offset) {
      if (length === places.length) {
        const larger = create(2 * length);
        larger.set(places);
        places = larger;
      }
      places[length] = offset;
      length += 1;
    },
    at: (index) => places[index] ?? 0,
  };
}
