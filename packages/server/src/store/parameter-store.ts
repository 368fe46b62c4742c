import type {
  Arena,
  Bucket,
  Optimizer,
  ParameterLayout,
  TensorSpec,
  TreeNode,
} from '@paceline/math';
import { createLayout, isGradientBucket, isParameterBucket, planBuckets } from '@paceline/math';
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

/** One bucket's step. */
export interface UpdateRequest {
  readonly bucket: number;
  readonly version: number;
  readonly root: TreeNode;
  readonly weight: number;
  /** Leave the parameters as they are. */
  readonly skip: boolean;
}

interface Cell {
  readonly bucket: Bucket;
  readonly arena: Arena;
  readonly sums: BucketSums;
  /** Where versions 2k and 2k + 1 begin, behind room for a prefix; the same place twice where training changes nothing. */
  readonly versions: readonly [number, number];
  readonly slots: readonly number[];
}

const floatBytes = Float32Array.BYTES_PER_ELEMENT;

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
  const cells = buckets.map((bucket) => createCell(bucket, o.optimizer, { slabs, landing }));
  const cellOf = (index: number): Cell => {
    const cell = cells[index];
    if (cell === undefined) throw new ServerError('impossible-state', `no bucket ${String(index)}`);
    return cell;
  };
  const view = (cell: Cell, pointer: number): Uint8Array =>
    cell.arena.bytes(pointer, cell.bucket.length * floatBytes);
  const parameters = (bucket: number, version: number): Uint8Array => {
    const cell = cellOf(bucket);
    return view(cell, cell.versions[(version % 2) as 0 | 1]);
  };
  const slot = (bucket: number, name: string): Uint8Array => {
    const cell = cellOf(bucket);
    return view(cell, cell.slots[o.optimizer.slots.indexOf(name)] ?? 0);
  };
  return {
    layout,
    buckets,
    parameters,
    framed: (index, version) => {
      const { arena, bucket, versions } = cellOf(index);
      const pointer = versions[(version % 2) as 0 | 1] - tensorHeadroomBytes;
      const bytes = tensorHeadroomBytes + bucket.length * floatBytes;
      return { area: arena.bytes(pointer, bytes), dataOffset: tensorHeadroomBytes };
    },
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
    update: (request) => {
      updateCell(cellOf(request.bucket), o.optimizer, request);
    },
    clearSums: (bucket) => {
      const which = bucket === undefined ? cells : [cellOf(bucket)];
      for (const cell of which) cell.sums.clear();
    },
    ...createWholeState({ buckets, slots: o.optimizer.slots, parameters, slot }),
  };
}

function createCell(
  bucket: Bucket,
  optimizer: Optimizer,
  { slabs, landing }: { readonly slabs: Slabs; readonly landing: Landing },
): Cell {
  const bytes = bucket.length * floatBytes;
  const slotCount = bucket.section === 'trainable' ? optimizer.slots.length : 0;
  const copies = !isParameterBucket(bucket) ? 0 : isGradientBucket(bucket) ? 2 : 1;
  const framedBytes = tensorHeadroomBytes + bytes;
  const arena = slabs.next(framedBytes * copies + bytes * slotCount);
  const places = Array.from({ length: copies }, () => {
    return arena.allocate(framedBytes) + tensorHeadroomBytes;
  });
  const [first = 0, second = first] = places;
  const slots = Array.from({ length: slotCount }, () => arena.allocate(bytes));
  for (const pointer of slots) arena.float32(pointer, bucket.length).fill(0);
  const sums = createBucketSums(arena, bucket.length, landing);
  return { bucket, arena, sums, versions: [first, second], slots };
}

function updateCell(cell: Cell, optimizer: Optimizer, request: UpdateRequest): void {
  const { arena, bucket, versions, slots, sums } = cell;
  const parameters = versions[(request.version % 2) as 0 | 1];
  const target = versions[((request.version + 1) % 2) as 0 | 1];
  const count = bucket.length;
  if (request.skip) return arena.kernels.copy(target, parameters, count);
  const gradient = sums.pointerOf(request.root);
  const scale = request.weight > 0 ? Math.fround(1 / request.weight) : 0;
  if (bucket.section === 'state') {
    return arena.kernels.addScaled(target, parameters, gradient, scale, count);
  }
  optimizer.update({
    arena,
    parameters,
    target,
    gradient,
    scale,
    slots,
    count,
    step: request.version,
  });
}
