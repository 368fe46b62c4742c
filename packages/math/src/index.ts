export { MathError } from './errors.ts';
export type { MathErrorCode, MathErrorData, MathErrorOptions } from './errors.ts';

export { createLayout } from './layout.ts';
export type { ParameterLayout, Range, Section, TensorPlace, TensorSpec } from './layout.ts';
export { isGradientBucket, isParameterBucket, planBuckets } from './buckets.ts';
export type { Bucket } from './buckets.ts';
export { partsOf } from './tensor-parts.ts';
export type { TensorPart } from './tensor-parts.ts';
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
  planBatches,
  stepsOfEpochs,
  stepsPerEpoch,
} from './batches.ts';
export type { BatchPhase, BatchPlan, MicrobatchPlan, StepPlace } from './batches.ts';
export type { Interval } from './interval.ts';
export { createBlockOrder } from './block-order.ts';
export type { BlockOrderOptions } from './block-order.ts';
export { createExampleOrder } from './permutation.ts';
export type { ExampleOrder } from './permutation.ts';
export { createRandom } from './random.ts';
export type { Random } from './random.ts';

export { attachArena, createArena, mostArenaBytes } from './arena.ts';
export type { Arena, AttachedArena } from './arena.ts';
export { cosine, power } from './kernels/functions.ts';
export type { Kernels } from './kernels/kernels.ts';
export type { SharedMemory } from './kernels/webassembly.ts';

export type { AverageSettings } from './optimizer/average.ts';
export { averageSlot } from './optimizer/average.ts';
export type { ClipSettings } from './optimizer/clip.ts';
export { groupOf, idlePatterns } from './optimizer/groups.ts';
export type { GroupSettings } from './optimizer/groups.ts';
export { ownersOf } from './optimizer/optimizer.ts';
export type { Optimizer, Pass, Segment, TensorSlot } from './optimizer/optimizer.ts';
export { createTensorNorms } from './optimizer/tensor-norms.ts';
export { createOptimizer, optimizerTypes } from './optimizer/registry.ts';
export type { OptimizerSettings } from './optimizer/registry.ts';

export { freshPatience, observe } from './patience.ts';
export type { Patience, PatienceSettings } from './patience.ts';
export { freshPlateau, observePlateau } from './schedule/plateau.ts';
export type { Plateau, PlateauSettings } from './schedule/plateau.ts';
export { createSchedule } from './schedule/registry.ts';
export type { OwnSchedule } from './schedule/own.ts';
export type { ScheduleSettings } from './schedule/registry.ts';
export type { Schedule } from './schedule/schedule.ts';
