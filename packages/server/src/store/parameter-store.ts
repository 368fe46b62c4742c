import type { Bucket, Optimizer, ParameterLayout, TensorSpec, TreeNode } from '@paceline/math';
import { averageSlot, createLayout, planBuckets } from '@paceline/math';
import { copyBytes } from '@paceline/protocol';
import { ServerError } from '../errors.ts';
import type { Cell } from './cell.ts';
import {
  bytesAt,
  createCell,
  frame,
  gradientNorm,
  pointerAt,
  runPassOver,
  updateCell,
} from './cell.ts';
import { createLanding } from './landing.ts';
import type { ModelWeights } from './model-weights.ts';
import { createModelWeights } from './model-weights.ts';
import { createSlabs } from './slabs.ts';
import type { SumPlan } from './sums.ts';
import type { WholeState } from './whole-state.ts';
import { createWholeState } from './whole-state.ts';

/**
 * All numbers of a run: parameters in two versions (v stays readable until every bucket is at v + 1), optimizer
 * slots, and the sums of the open round. Buckets are the unit of everything; the whole vector is never touched at once
 * on the way of a step.
 */
export interface ParameterStore extends WholeState, ModelWeights {
  readonly layout: ParameterLayout;
  readonly buckets: readonly Bucket[];
  /** Copies the bytes of a bucket in as its version 0. */
  writeInitial(bucket: number, payload: Uint8Array): void;
  /** The bytes of a bucket at a version: a view, valid until version + 2 is written. */
  parameters(bucket: number, version: number): Uint8Array;
  /** Room for a frame that is read next, and starts with `head`: what it carries is taken from there without a copy. */
  landing(bytes: number, head: Uint8Array): Uint8Array;
  /**
   * A bucket at a version, or its average, and `tensorHeadroomBytes` in front of its numbers, which begin at `dataOffset`: for the prefix of a
   * frame. A view, valid as `parameters` is; the room in front is the caller's until the next call for this bucket.
   */
  framed(bucket: number, version: number | 'average'): FramedBucket;
  /** Takes a node into a bucket's sums; whether the node itself had neither NaN nor infinity. */
  take(bucket: number, node: TreeNode, payload: Uint8Array, plan: SumPlan): boolean;
  /** Whether the sum at `root` has neither NaN nor infinity. */
  isFinite(bucket: number, root: TreeNode): boolean;
  /** A copy of the sum at `root`. */
  readSum(bucket: number, root: TreeNode): Float32Array;
  /**
   * Where an update needs to know whole tensors, or all of them: what goes over all buckets, whose sums are all there, before
   * the first of them is updated. Gives the norm of the mean gradient over all trainable parameters, where it is to be measured.
   */
  prepare(o: UpdateTerms): number | undefined;
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

/** Makes room for the parameters of `tensors` with the slots that `optimizer` needs. */
export function createParameterStore(o: {
  readonly tensors: readonly TensorSpec[];
  readonly bucketBytes: number;
  readonly optimizer: Optimizer;
  /** `prepare` gives the norm of the gradient. */
  readonly measuresGradient?: boolean;
}): ParameterStore {
  const layout = createLayout(o.tensors);
  const buckets = planBuckets(layout, o.bucketBytes);
  const slabs = createSlabs();
  const landing = createLanding(slabs.next(0));
  const { passes } = o.optimizer;
  const cells = buckets.map((bucket) =>
    createCell(bucket, { layout, optimizer: o.optimizer, slabs, landing }),
  );
  const { cellOf, parameters, slot, framed } = locate(cells, o.optimizer);
  const isAveraging = o.optimizer.slots.includes(averageSlot);
  const average = isAveraging ? (bucket: number) => slot(bucket, averageSlot) : undefined;
  const weights = createModelWeights({ buckets, parameters, average });
  return {
    layout,
    buckets,
    parameters,
    model: weights.model,
    keepBest: weights.keepBest,
    framed,
    landing: (bytes, head) => landing.room(bytes, head),
    writeInitial: (bucket, payload) => {
      copyBytes(parameters(bucket, 0), payload);
      if (average && buckets[bucket]?.section === 'trainable') copyBytes(average(bucket), payload);
    },
    take: (bucket, node, payload, plan) => cellOf(bucket).sums.take(node, payload, plan),
    isFinite: (bucket, root) => cellOf(bucket).sums.isFinite(root),
    readSum: (bucket, root) => {
      const { arena, sums, bucket: range } = cellOf(bucket);
      return arena.float32(sums.pointerOf(root), range.length).slice();
    },
    prepare: (terms) => {
      // Before anything else: clipping changes the gradient where it is.
      const norm = o.measuresGradient === true ? gradientNorm(cells, terms) : undefined;
      for (const pass of passes.slice(0, -1)) runPassOver(cells, pass, terms);
      return norm;
    },
    update: (request) => {
      updateCell(cellOf(request.bucket), passes.at(-1), request);
    },
    clearSums: (bucket) => {
      const which = bucket === undefined ? cells : [cellOf(bucket)];
      for (const cell of which) cell.sums.clear();
    },
    ...createWholeState({ layout, buckets, optimizer: o.optimizer, parameters, slot, weights }),
  };
}

/** Where the numbers of a bucket are. */
function locate(
  cells: readonly Cell[],
  { slots }: Optimizer,
): Pick<ParameterStore, 'parameters' | 'framed'> & {
  readonly cellOf: (bucket: number) => Cell;
  readonly slot: (bucket: number, name: string) => Uint8Array;
} {
  const cellOf = (index: number): Cell => {
    const cell = cells[index];
    if (cell === undefined) throw new ServerError('impossible-state', `no bucket ${String(index)}`);
    return cell;
  };
  const slotOf = (cell: Cell, name: string): number => cell.slots[slots.indexOf(name)] ?? 0;
  return {
    cellOf,
    parameters: (bucket, version) => {
      const cell = cellOf(bucket);
      return bytesAt(cell, pointerAt(cell, version));
    },
    slot: (bucket, name) => {
      const cell = cellOf(bucket);
      return bytesAt(cell, slotOf(cell, name));
    },
    framed: (bucket, version) => {
      const cell = cellOf(bucket);
      const isAverage = version === 'average';
      return frame(cell, isAverage ? slotOf(cell, averageSlot) : pointerAt(cell, version));
    },
  };
}
