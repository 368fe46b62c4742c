/**
 * The optimizer family: what turns the summed gradient into the next version of the parameters.
 *
 * The server owns it. State lives in flat Float32 vectors beside the parameters ("slots"), the operations and their order
 * are fixed, and everything runs in the kernels: same inputs, same bits. How the parameters are cut into buckets never
 * shows in the bits: an element depends on its own history, and what depends on a whole tensor, or on all of them, is
 * summed by place in the tensor.
 */
import type { Arena } from '../arena.ts';
import type { TensorPlace, TensorSpec } from '../layout.ts';

/**
 * The part of one tensor that lies in one bucket, at one step. All pointers are byte addresses in the arena, of `count`
 * floats each; the caller owns all of it.
 */
export interface Segment {
  readonly arena: Pick<Arena, 'kernels' | 'float32' | 'bytes' | 'allocate' | 'free'>;
  readonly tensor: TensorPlace;
  /** Which element of the tensor is the first of this part. */
  readonly start: number;
  readonly count: number;
  /** Version v: only read. */
  readonly parameters: number;
  /** Version v + 1: written by the last pass. Never the same memory as `parameters`, which must stay readable. */
  readonly target: number;
  /** The root of the sum tree; may be overwritten. The same memory in all passes of a step. */
  readonly gradient: number;
  /** What makes a mean of the sum: Math.fround(1 / total weight). */
  readonly scale: number;
  /** One pointer for each of the optimizer's slots, in that order; updated in place. Zeros before the first step. */
  readonly slots: readonly number[];
  /** How many updates there were before this one. */
  readonly updates: number;
  /** That of this step: the settings' under the schedule. */
  readonly learningRate: number;
}

/** What is done to a segment. Blocks for about as long as it takes to read and write it. */
export type Pass = (segment: Segment) => void;

/** A member of the family. */
export interface Optimizer {
  readonly type: string;
  /** Names of the state vectors that are as long as the parameters, in the order in which segments and checkpoints have them. */
  readonly slots: readonly string[];
  /** State of other shapes, which the optimizer keeps itself. */
  readonly tensorSlots: readonly TensorSlot[];
  /**
   * One pass: segments are updated in any order, each as soon as its sum is there. Several: each pass goes over all
   * segments of a version, in the order of the flat vector, before the next one begins.
   */
  readonly passes: readonly Pass[];
}

/** A state vector whose shape is not that of its tensor. */
export interface TensorSlot {
  readonly name: string;
  /** The shape that belongs to a tensor; undefined for tensors that have no such vector. */
  readonly shapeOf: (tensor: TensorSpec) => readonly number[] | undefined;
  /** The numbers for a tensor that has them: zeros at first, changed by updates, and by whoever restores them. */
  readonly values: (tensor: TensorPlace) => Float32Array;
}

/** The trainable tensors that have such a vector, with its shape, in their order. */
export function ownersOf<T extends TensorSpec>(
  { shapeOf }: Pick<TensorSlot, 'shapeOf'>,
  tensors: readonly T[],
): readonly { readonly tensor: T; readonly shape: readonly number[] }[] {
  return tensors.flatMap((tensor) => {
    const shape = tensor.section === 'trainable' ? shapeOf(tensor) : undefined;
    return shape === undefined ? [] : [{ tensor, shape }];
  });
}

/** What the kernels of all members take from a segment. */
export function operandsOf({ target, parameters, gradient, count, scale }: Segment): Operands {
  return { target, parameters, gradient, count, scale };
}

type Operands = Pick<Segment, 'target' | 'parameters' | 'gradient' | 'count' | 'scale'>;

/** An optimizer without state but its slots, and of one pass. */
export function createElementwise(type: string, slots: readonly string[], pass: Pass): Optimizer {
  const members = { slots: Object.freeze([...slots]), passes: Object.freeze([pass]) };
  return Object.freeze({ type, ...members, tensorSlots: Object.freeze([]) });
}
