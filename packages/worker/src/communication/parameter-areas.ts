import type { Bucket, ParameterLayout } from '@paceline/math';
import { copyBytes } from '@paceline/protocol';

const floatBytes = Float32Array.BYTES_PER_ELEMENT;

/** A bucket of a version has come to lie in its area. */
export interface WrittenBucket {
  readonly bucket: number;
  readonly version: number;
}

/**
 * The two parameter areas: version v lives in area v modulo 2. While the compute loop reads a version, nothing of the
 * version after next may touch its area: it waits aside, newest version of a bucket only, until the loop is done.
 */
export interface ParameterAreas {
  readonly buffers: readonly [SharedArrayBuffer, SharedArrayBuffer];
  /** Copies a bucket in, or puts it aside; what was written by this call. */
  write(bucket: number, version: number, payload: Uint8Array): readonly WrittenBucket[];
  /** The compute loop reads this version from now on (counted). */
  hold(version: number): void;
  /** One reader less; what could be written because of that. */
  release(version: number): readonly WrittenBucket[];
  /** The bytes of a bucket in an area. */
  bytes(bucket: number, area: 0 | 1): Uint8Array;
  /** Forgets what waits aside. */
  forget(): void;
}

/** Makes both areas for a layout. */
export function createParameterAreas(
  layout: ParameterLayout,
  buckets: readonly Bucket[],
): ParameterAreas {
  const buffers = [
    new SharedArrayBuffer(layout.length * floatBytes),
    new SharedArrayBuffer(layout.length * floatBytes),
  ] as const;
  const readers = new Map<number, number>();
  const aside = new Map<number, { readonly version: number; readonly payload: Uint8Array }>();

  const bytes = (bucket: number, area: 0 | 1): Uint8Array => {
    const range = buckets[bucket];
    if (range === undefined) throw new RangeError(`the layout has no bucket ${String(bucket)}`);
    const { offset, length } = range;
    return new Uint8Array(buffers[area], offset * floatBytes, length * floatBytes);
  };
  const isBusy = (version: number): boolean =>
    [...readers.keys()].some((read) => read !== version && read % 2 === version % 2);
  const put = (bucket: number, version: number, payload: Uint8Array): readonly WrittenBucket[] => {
    if (buckets[bucket]?.section === 'frozen') {
      // Frozen tensors come once and belong to every version.
      copyBytes(bytes(bucket, 0), payload);
      copyBytes(bytes(bucket, 1), payload);
      return [{ bucket, version: Number.MAX_SAFE_INTEGER }];
    }
    copyBytes(bytes(bucket, (version % 2) as 0 | 1), payload);
    return [{ bucket, version }];
  };
  return {
    buffers,
    bytes,
    write(bucket, version, payload) {
      if (!isBusy(version)) {
        // An older one that waits would bring the bucket back later.
        if ((aside.get(bucket)?.version ?? version) < version) aside.delete(bucket);
        return put(bucket, version, payload);
      }
      aside.set(bucket, { version, payload: new Uint8Array(payload) });
      return [];
    },
    hold(version) {
      readers.set(version, (readers.get(version) ?? 0) + 1);
    },
    release(version) {
      const left = (readers.get(version) ?? 1) - 1;
      if (left > 0) readers.set(version, left);
      else readers.delete(version);
      const free = [...aside].filter(([, waiting]) => !isBusy(waiting.version));
      return free.flatMap(([bucket, waiting]) => {
        aside.delete(bucket);
        return put(bucket, waiting.version, waiting.payload);
      });
    },
    forget() {
      aside.clear();
    },
  };
}
