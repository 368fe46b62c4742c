import type { Bucket, ParameterLayout } from '@paceline/math';
import type { TensorHead, TensorHeader, TensorKind } from '@paceline/protocol';
import { copyBytes, tensorHeadroomBytes } from '@paceline/protocol';

const floatBytes = Float32Array.BYTES_PER_ELEMENT;

/** A bucket of a version has come to lie in its area. */
export interface WrittenBucket {
  readonly bucket: number;
  readonly version: number;
}

type VersionedKind = 'parameters' | 'snapshot' | 'average';
type TwoVectors = readonly [Float32Array, Float32Array];

/**
 * Areas for versions of the parameters: of two, version v lives in area v modulo 2. While the compute loop reads a version, nothing of
 * another one may touch its area: it waits aside, newest version of a bucket only, until the loop is done.
 */
export interface ParameterAreas<Vectors extends readonly Float32Array[] = TwoVectors> {
  /** The flat vector of each area, in shared memory. */
  readonly vectors: Vectors;
  /**
   * Where a frame of parameters of so many bytes may come to lie so that its numbers are in their place; undefined where
   * they may not be there yet. It is valid until the next call of any of these.
   */
  landing(head: TensorHead, bytes: number): Uint8Array | undefined;
  /** Copies a bucket in, unless it has landed there, or puts it aside; what was written by this call. */
  write(bucket: number, version: number, payload: Uint8Array): readonly WrittenBucket[];
  /** The compute loop reads this version from now on (counted). */
  hold(version: number): void;
  /** One reader less; what could be written because of that. */
  release(version: number): readonly WrittenBucket[];
  /** The bytes of a bucket in an area. */
  bytes(bucket: number, area: number): Uint8Array;
  /** Forgets what waits aside. */
  forget(): void;
}

/** Makes both areas for the parameters of a layout. */
export function createParameterAreas(
  { length }: ParameterLayout,
  buckets: readonly Bucket[],
): ParameterAreas {
  const vectors = [createVector(length), createVector(length)] as const;
  return new Areas(vectors, buckets, ['parameters', 'snapshot']);
}

/** Makes the area for averages of the parameters: only one version of them is ever looked at. */
export function createAverageArea(
  { length }: ParameterLayout,
  buckets: readonly Bucket[],
): ParameterAreas<readonly [Float32Array]> {
  return new Areas([createVector(length)] as const, buckets, ['average']);
}

interface Aside {
  readonly version: number;
  readonly payload: Uint8Array;
}

class Areas<Vectors extends readonly Float32Array[]> implements ParameterAreas<Vectors> {
  readonly vectors: Vectors;
  private readonly buckets: readonly Bucket[];
  /** Messages that bring what lies here. */
  private readonly kinds: readonly VersionedKind[];
  private readonly readers = new Map<number, number>();
  private readonly aside = new Map<number, Aside>();
  /** What is in front of a frame's numbers lies where the numbers of the bucket before end. */
  private covered: { readonly at: Uint8Array; readonly bytes: Uint8Array } | undefined;

  constructor(vectors: Vectors, buckets: readonly Bucket[], kinds: readonly VersionedKind[]) {
    this.vectors = vectors;
    this.buckets = buckets;
    this.kinds = kinds;
  }

  landing({ header, dataOffset }: TensorHead, frameBytes: number): Uint8Array | undefined {
    this.uncover();
    if (!isOf(this.kinds, header)) return undefined;
    const { bucket, version } = header;
    const range = this.buckets[bucket];
    if (range === undefined || range.section === 'frozen') return undefined;
    const isWhole = frameBytes === dataOffset + range.length * floatBytes;
    if (!isWhole || dataOffset > tensorHeadroomBytes || this.isBusy(version)) return undefined;
    const { buffer, byteOffset } = this.bytes(bucket, this.areaOf(version));
    const at = new Uint8Array(buffer, byteOffset - dataOffset, dataOffset);
    this.covered = { at, bytes: new Uint8Array(at) };
    return new Uint8Array(buffer, at.byteOffset, frameBytes);
  }

  write(bucket: number, version: number, payload: Uint8Array): readonly WrittenBucket[] {
    this.uncover();
    if (!this.isBusy(version)) {
      // An older one that waits would bring the bucket back later.
      if ((this.aside.get(bucket)?.version ?? version) < version) this.aside.delete(bucket);
      return this.put(bucket, version, payload);
    }
    this.aside.set(bucket, { version, payload: new Uint8Array(payload) });
    return [];
  }

  hold(version: number): void {
    this.uncover();
    this.readers.set(version, (this.readers.get(version) ?? 0) + 1);
  }

  release(version: number): readonly WrittenBucket[] {
    const left = (this.readers.get(version) ?? 1) - 1;
    if (left > 0) this.readers.set(version, left);
    else this.readers.delete(version);
    const free = [...this.aside].filter(([, waiting]) => !this.isBusy(waiting.version));
    return free.flatMap(([bucket, waiting]) => {
      this.aside.delete(bucket);
      return this.put(bucket, waiting.version, waiting.payload);
    });
  }

  bytes(bucket: number, area: number): Uint8Array {
    const [range, vector] = [this.buckets[bucket], this.vectors[area]];
    if (range === undefined || vector === undefined) {
      throw new RangeError(`there is no bucket ${String(bucket)} in area ${String(area)}`);
    }
    const { buffer, byteOffset } = vector;
    return new Uint8Array(
      buffer,
      byteOffset + range.offset * floatBytes,
      range.length * floatBytes,
    );
  }

  forget(): void {
    this.aside.clear();
  }

  private isBusy(version: number): boolean {
    return [...this.readers.keys()].some(
      (read) => read !== version && this.areaOf(read) === this.areaOf(version),
    );
  }

  private put(bucket: number, version: number, payload: Uint8Array): readonly WrittenBucket[] {
    if (this.buckets[bucket]?.section === 'frozen') {
      // Frozen tensors come once and belong to every version.
      this.vectors.forEach((_, area) => {
        copyBytes(this.bytes(bucket, area), payload);
      });
      return [{ bucket, version: Number.MAX_SAFE_INTEGER }];
    }
    const place = this.bytes(bucket, this.areaOf(version));
    const hasLanded = payload.buffer === place.buffer && payload.byteOffset === place.byteOffset;
    if (!hasLanded) copyBytes(place, payload);
    return [{ bucket, version }];
  }

  private areaOf(version: number): number {
    return version % this.vectors.length;
  }

  private uncover(): void {
    this.covered?.at.set(this.covered.bytes);
    this.covered = undefined;
  }
}

function isOf(
  kinds: readonly TensorKind[],
  header: TensorHeader,
): header is Extract<TensorHeader, { readonly kind: VersionedKind }> {
  return kinds.includes(header.kind);
}

/** Shared between threads, with room in front for what a frame has before its numbers. */
function createVector(length: number): Float32Array {
  const buffer = new SharedArrayBuffer(tensorHeadroomBytes + length * floatBytes);
  return new Float32Array(buffer, tensorHeadroomBytes);
}
