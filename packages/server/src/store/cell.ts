import type { Arena, Bucket, Optimizer, ParameterLayout, Pass, TensorPart } from '@paceline/math';
import {
  alignmentBytes,
  createTensorNorms,
  isGradientBucket,
  isParameterBucket,
  partsOf,
} from '@paceline/math';
import { tensorHeadroomBytes } from '@paceline/protocol';
import type { Landing } from './landing.ts';
import type { FramedBucket, UpdateRequest, UpdateTerms } from './parameter-store.ts';
import type { Slabs } from './slabs.ts';
import type { BucketSums } from './sums.ts';
import { createBucketSums } from './sums.ts';

/** A bucket, and where its numbers are. Pointers are byte addresses in its arena. */
export interface Cell {
  readonly bucket: Bucket;
  readonly parts: readonly TensorPart[];
  readonly arena: Arena;
  readonly sums: BucketSums;
  /** Where versions 2k and 2k + 1 begin, behind room for a prefix; the same place twice where training changes nothing. */
  readonly versions: readonly [number, number];
  readonly slots: readonly number[];
}

const floatBytes = Float32Array.BYTES_PER_ELEMENT;
/**
 * What lies a power of two apart shares the same few lines of a processor's caches: Adam with its five vectors takes four
 * times as long.
 */
const apartBytes = 9 * alignmentBytes;

/** Makes room for a bucket. */
export function createCell(
  bucket: Bucket,
  {
    layout,
    optimizer,
    slabs,
    landing,
  }: {
    readonly layout: ParameterLayout;
    readonly optimizer: Optimizer;
    readonly slabs: Slabs;
    readonly landing: Landing;
  },
): Cell {
  const bytes = bucket.length * floatBytes;
  const slotNames = bucket.section === 'trainable' ? optimizer.slots : [];
  const copies = !isParameterBucket(bucket) ? 0 : isGradientBucket(bucket) ? 2 : 1;
  const framedBytes = tensorHeadroomBytes + bytes;
  // Room for a prefix is needed by the average alone, which is sent; it costs nothing to have it everywhere.
  const slotBytes = framedBytes + apartBytes;
  const arena = slabs.next(framedBytes * copies + slotBytes * slotNames.length);
  const places = Array.from({ length: copies }, () => {
    return arena.allocate(framedBytes) + tensorHeadroomBytes;
  });
  const [first = 0, second = first] = places;
  const slots = slotNames.map(() => arena.allocate(slotBytes) + tensorHeadroomBytes);
  for (const pointer of slots) arena.float32(pointer, bucket.length).fill(0);
  const sums = createBucketSums(arena, bucket.length, landing);
  const parts = bucket.section === 'trainable' ? partsOf(layout, bucket) : [];
  return { bucket, parts, arena, sums, versions: [first, second], slots };
}

/** Writes version + 1 of a bucket. */
export function updateCell(cell: Cell, pass: Pass | undefined, request: UpdateRequest): void {
  const { arena, bucket, sums } = cell;
  const { version } = request;
  const parameters = pointerAt(cell, version);
  const target = pointerAt(cell, version + 1);
  if (request.skip) return arena.kernels.copy(target, parameters, bucket.length);
  if (bucket.section === 'state') {
    const gradient = sums.pointerOf(request.root);
    return arena.kernels.addScaled(target, parameters, gradient, scaleOf(request), bucket.length);
  }
  if (pass !== undefined) runPass(pass, cell, request);
}

/** The numbers at an address, and the room in front of them. */
export function frame({ arena, bucket }: Cell, pointer: number): FramedBucket {
  const bytes = tensorHeadroomBytes + bucket.length * floatBytes;
  const area = arena.bytes(pointer - tensorHeadroomBytes, bytes);
  return { area, dataOffset: tensorHeadroomBytes };
}

/** The bytes at an address: a view. */
export function bytesAt({ arena, bucket }: Cell, pointer: number): Uint8Array {
  return arena.bytes(pointer, bucket.length * floatBytes);
}

/** Goes over all buckets, in the order of the flat vector. */
export function runPassOver(cells: readonly Cell[], pass: Pass, terms: UpdateTerms): void {
  for (const cell of cells) runPass(pass, cell, terms);
}

/** Goes over what a bucket has of each tensor. */
function runPass(pass: Pass, cell: Cell, terms: UpdateTerms): void {
  const { arena, sums, parts } = cell;
  if (parts.length === 0) return;
  const { version, updates, learningRate } = terms;
  const gradient = sums.pointerOf(terms.root);
  const scale = scaleOf(terms);
  for (const { tensor, start, offset, count } of parts) {
    const at = (pointer: number): number => pointer + offset * floatBytes;
    pass({
      ...{ arena, tensor, start, count, scale, updates, learningRate },
      parameters: at(pointerAt(cell, version)),
      target: at(pointerAt(cell, version + 1)),
      gradient: at(gradient),
      slots: cell.slots.map(at),
    });
  }
}

/** The norm of the mean gradient: by place in the tensors, so that buckets never show in its bits. */
export function gradientNorm(cells: readonly Cell[], terms: UpdateTerms): number {
  const norms = createTensorNorms();
  const measure: Pass = (segment) => {
    norms.add(segment, segment.gradient);
  };
  runPassOver(cells, measure, terms);
  return norms.ofAll() * scaleOf(terms);
}

/** Where a version begins. */
export function pointerAt({ versions }: Cell, version: number): number {
  return versions[(version % 2) as 0 | 1];
}

/** What makes a mean of a sum over so much weight. */
function scaleOf({ weight }: UpdateTerms): number {
  return weight > 0 ? Math.fround(1 / weight) : 0;
}
