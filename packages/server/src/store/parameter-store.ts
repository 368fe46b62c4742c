import type {
  Arena,
  Bucket,
  Optimizer,
  ParameterLayout,
  Pass,
  TensorPart,
  TensorSpec,
  TreeNode,
} from '@paceline/math';
import {
  alignmentBytes,
  createLayout,
  isGradientBucket,
  isParameterBucket,
  partsOf,
  planBuckets,
} from '@paceline/math';
import { copyBytes, tensorHeadroomBytes } from '@paceline/protocol';
import { ServerError } from '../errors.ts';
import type { Landing } from './landing.ts';
import { createLanding } from './landing.ts';
import type { Slabs } from './slabs.ts';
import { createSlabs } from './slabs.ts';
import type { BucketSums, SumPlan } from './sums.ts';
import { createBucketSums } from './sums.ts';
import type { WholeState } from './whole-state.ts';
import { createWholeState } from './whole-state.ts';

/**
 * All numbers of a run: parameters in two versions (v stays readable until every bucket is at v + 1), optimizer
 * slots, and the sums of the open round. Buckets are the unit of everything; the whole vector is never touched at once
 * on the way of a step.
 */
export interface ParameterStore extends WholeState {
  readonly layout: ParameterLayout;
  readonly buckets: readonly Bucket[];
  /** Copies the bytes of a bucket in as its version 0. */
  writeInitial(bucket: number, payload: Uint8Array): void;
  /** The bytes of a bucket at a version: a view, valid until version + 2 is written. */
  parameters(bucket: number, version: number): Uint8Array;
  /** Room for a frame that is read next, and starts with `head`: what it carries is taken from there without a copy. */
  landing(bytes: number, head: Uint8Array): Uint8Array;
  /**
   * A bucket at a version, and `tensorHeadroomBytes` in front of its numbers, which begin at `dataOffset`: for the prefix of a
   * frame. A view, valid as `parameters` is; the room in front is the caller's until the next call for this bucket.
   */
  framed(bucket: number, version: number): FramedBucket;
  /** Takes a node into a bucket's sums; whether the node itself had neither NaN nor infinity. */
  take(bucket: number, node: TreeNode, payload: Uint8Array, plan: SumPlan): boolean;
  /** Whether the sum at `root` has neither NaN nor infinity. */
  isFinite(bucket: number, root: TreeNode): boolean;
  /** A copy of the sum at `root`. */
  readSum(bucket: number, root: TreeNode): Float32Array;
  /**
   * Where an update needs to know whole tensors, or all of them: what goes over all buckets, whose sums are all there, before
   * the first of them is updated.
   */
  prepare(o: UpdateTerms): void;
  /** Writes version + 1 of a bucket from version, its slots, and the sum at `root` over `weight`. */
  update(o: UpdateRequest): void;
  /** Frees the sums of the round; of one bucket only where it is named. */
  clearSums(bucket?: number): void;
}

/** Numbers with room in front of them. */
export interface FramedBucket {
  readonly area: Uint8Array;
  readonly dataOffset: number;
}

/** What a step is to all buckets. */
export interface UpdateTerms {
  readonly version: number;
  readonly root: TreeNode;
  readonly weight: number;
  /** How many updates there were before this one. */
  readonly updates: number;
  readonly learningRate: number;
}

/** One bucket's step. */
export interface UpdateRequest extends UpdateTerms {
  readonly bucket: number;
  /** Leave the parameters as they are. */
  readonly skip: boolean;
}

interface Cell {
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

/** Makes room for the parameters of `tensors` with the slots that `optimizer` needs. */
export function createParameterStore(o: {
  readonly tensors: readonly TensorSpec[];
  readonly bucketBytes: number;
  readonly optimizer: Optimizer;
}): ParameterStore {
  const layout = createLayout(o.tensors);
  const buckets = planBuckets(layout, o.bucketBytes);
  const slabs = createSlabs();
  const landing = createLanding(slabs.next(0));
  const { passes } = o.optimizer;
  const cells = buckets.map((bucket) =>
    createCell(bucket, { layout, optimizer: o.optimizer, slabs, landing }),
  );
  const cellOf = (index: number): Cell => {
    const cell = cells[index];
    if (cell === undefined) throw new ServerError('impossible-state', `no bucket ${String(index)}`);
    return cell;
  };
  const view = (cell: Cell, pointer: number): Uint8Array =>
    cell.arena.bytes(pointer, cell.bucket.length * floatBytes);
  const parameters = (bucket: number, version: number): Uint8Array => {
    const cell = cellOf(bucket);
    return view(cell, pointerAt(cell, version));
  };
  const slot = (bucket: number, name: string): Uint8Array => {
    const cell = cellOf(bucket);
    return view(cell, cell.slots[o.optimizer.slots.indexOf(name)] ?? 0);
  };
  return {
    layout,
    buckets,
    parameters,
    framed: (bucket, version) => frame(cellOf(bucket), version),
    landing: (bytes, head) => landing.room(bytes, head),
    writeInitial: (bucket, payload) => {
      copyBytes(parameters(bucket, 0), payload);
    },
    take: (bucket, node, payload, plan) => cellOf(bucket).sums.take(node, payload, plan),
    isFinite: (bucket, root) => {
      return cellOf(bucket).sums.isFinite(root);
    },
    readSum: (bucket, root) => {
      const { arena, sums, bucket: range } = cellOf(bucket);
      return arena.float32(sums.pointerOf(root), range.length).slice();
    },
    prepare: (terms) => {
      for (const pass of passes.slice(0, -1)) {
        for (const cell of cells) runPass(pass, cell, terms);
      }
    },
    update: (request) => {
      updateCell(cellOf(request.bucket), passes.at(-1), request);
    },
    clearSums: (bucket) => {
      const which = bucket === undefined ? cells : [cellOf(bucket)];
      for (const cell of which) cell.sums.clear();
    },
    ...createWholeState({ layout, buckets, optimizer: o.optimizer, parameters, slot }),
  };
}

function createCell(
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
  const slotCount = bucket.section === 'trainable' ? optimizer.slots.length : 0;
  const copies = !isParameterBucket(bucket) ? 0 : isGradientBucket(bucket) ? 2 : 1;
  const framedBytes = tensorHeadroomBytes + bytes;
  const arena = slabs.next(framedBytes * copies + (bytes + apartBytes) * slotCount);
  const places = Array.from({ length: copies }, () => {
    return arena.allocate(framedBytes) + tensorHeadroomBytes;
  });
  const [first = 0, second = first] = places;
  const slots = Array.from({ length: slotCount }, () => arena.allocate(bytes + apartBytes));
  for (const pointer of slots) arena.float32(pointer, bucket.length).fill(0);
  const sums = createBucketSums(arena, bucket.length, landing);
  const parts = bucket.section === 'trainable' ? partsOf(layout, bucket) : [];
  return { bucket, parts, arena, sums, versions: [first, second], slots };
}

function updateCell(cell: Cell, pass: Pass | undefined, request: UpdateRequest): void {
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

function frame(cell: Cell, version: number): FramedBucket {
  const pointer = pointerAt(cell, version) - tensorHeadroomBytes;
  const bytes = tensorHeadroomBytes + cell.bucket.length * floatBytes;
  return { area: cell.arena.bytes(pointer, bytes), dataOffset: tensorHeadroomBytes };
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

function pointerAt({ versions }: Cell, version: number): number {
  return versions[(version % 2) as 0 | 1];
}

/** What makes a mean of a sum over so much weight. */
function scaleOf({ weight }: UpdateTerms): number {
  return weight > 0 ? Math.fround(1 / weight) : 0;
}
