export { MathError } from './errors.ts';
export type { MathErrorCode, MathErrorData, MathErrorOptions } from './errors.ts';

export { createLayout } from './layout.ts';
export type { ParameterLayout, Range, Section, TensorPlace, TensorSpec } from './layout.ts';
export { isGradientBucket, isParameterBucket, planBuckets } from './buckets.ts';
export type { Bucket } from './buckets.ts';
export { alignmentBytes, planSlots } from './slots.ts';
export type { SlotLayout } from './slots.ts';

export { isSameNode, nodeKey } from './tree-node.ts';
export type { TreeNode } from './tree-node.ts';
export { createSumTree } from './tree.ts';
export type { SumTree } from './tree.ts';
export { addNode, emptyProgress, missingRanges } from './tree-progress.ts';
export type { Arrival, TreeMerge, TreeProgress } from './tree-progress.ts';

export {
  createBatchTree,
  createStepTrees,
  exampleIndices,
  locateStep,
  microbatchRange,
  stepsPerEpoch,
} from './batches.ts';
export type { BatchPlan, MicrobatchPlan, StepPlace } from './batches.ts';
export type { Interval } from './interval.ts';
export { createBlockOrder } from './block-order.ts';
export type { BlockOrderOptions } from './block-order.ts';
export { createExampleOrder } from './permutation.ts';
export type { ExampleOrder } from './permutation.ts';
export { createRandom } from './random.ts';
export type { Random } from './random.ts';

export { attachArena, createArena, mostArenaBytes } from './arena.ts';
export type { Arena, AttachedArena } from './arena.ts';
export type { DecayRule, Kernels, MomentumRule, SgdStep } from './kernels/kernels.ts';
export type { SharedMemory } from './kernels/webassembly.ts';

export type { BucketUpdate, Optimizer } from './optimizer/optimizer.ts';
export { createOptimizer, optimizerTypes } from './optimizer/registry.ts';
export type { OptimizerSettings } from './optimizer/registry.ts';
export type { SgdSettings } from './optimizer/sgd.ts';
