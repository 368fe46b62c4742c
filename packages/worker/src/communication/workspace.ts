import type { Arena, Bucket, ParameterLayout, SlotLayout, SumTree } from '@paceline/math';
import {
  createArena,
  createLayout,
  createStepTrees,
  createSumTree,
  isGradientBucket,
  isParameterBucket,
  planBatches,
  planBuckets,
  planSlots,
} from '@paceline/math';
import type { JobSettings } from '@paceline/protocol';
import { tensorHeadroomBytes } from '@paceline/protocol';
import type { LayoutFacts } from '../compute/orders.ts';
import type { Task, WorkShape } from '../lifecycle/state.ts';
import type { ParameterAreas } from './parameter-areas.ts';
import { createAverageArea, createParameterAreas } from './parameter-areas.ts';
import type { SumAreas } from './sum-areas.ts';
import { createSumAreas } from './sum-areas.ts';

/** WASM's limit is 4 GiB; pages that nobody touches cost nothing. */
const arenaMaximumBytes = 4 * 2 ** 30 - 2 ** 16;

/** Everything whose size the prepared model settles: layout, buckets, and the memory for them. */
export interface Workspace extends WorkShape {
  readonly layout: ParameterLayout;
  readonly buckets: readonly Bucket[];
  /** Those that travel upwards, in the order in which they are sent. */
  readonly gradientBuckets: readonly Bucket[];
  readonly slots: SlotLayout;
  readonly arena: Arena;
  readonly parameters: ParameterAreas;
  /** Where the run averages its parameters, what evaluations look at. */
  readonly average: ParameterAreas<readonly [Float32Array]> | undefined;
  /** Areas for leaves and sums of gradients. */
  readonly gradients: SumAreas;
  /** Small areas for the scalars of an evaluation. */
  readonly scalars: SumAreas;
  readonly treeOf: (task: Pick<Task, 'kind' | 'version'>) => SumTree;
}

/** Makes the memory for a prepared model. */
export function createWorkspace(facts: LayoutFacts, settings: JobSettings): Workspace {
  const layout = createLayout(facts.tensors);
  const buckets = planBuckets(layout, settings.bucketBytes);
  const slots = planSlots(buckets, tensorHeadroomBytes);
  const arena = createArena({ maximumBytes: arenaMaximumBytes });
  const treeOf = createTrees(facts, settings);
  const isAveraging = settings.optimizer.average !== undefined;
  const scalarBytes = (slots.dataOffset[0] ?? 0) + layout.sections.scalars.length * 4;
  return {
    layout,
    buckets,
    gradientBuckets: buckets.filter(isGradientBucket),
    slots,
    arena,
    parameters: createParameterAreas(layout, buckets),
    average: isAveraging ? createAverageArea(layout, buckets) : undefined,
    gradients: createSumAreas(arena, slots.bytes),
    scalars: createSumAreas(arena, scalarBytes),
    parameterBuckets: buckets.filter(isParameterBucket).map((bucket) => bucket.index),
    versionedBuckets: buckets
      .filter((bucket) => isParameterBucket(bucket) && isGradientBucket(bucket))
      .map((bucket) => bucket.index),
    averagedBuckets: isAveraging
      ? buckets.filter(({ section }) => section === 'trainable').map(({ index }) => index)
      : [],
    treeOf,
    leavesOf: (task) => {
      const tree = treeOf(task);
      const end = Math.min(task.end, tree.leaves);
      const range = Array.from({ length: Math.max(0, end - task.first) }, (_, i) => task.first + i);
      return range.filter((leaf) => !tree.isEmpty({ level: 0, index: leaf }));
    },
  };
}

function createTrees(
  facts: LayoutFacts,
  settings: JobSettings,
): (task: Pick<Task, 'kind' | 'version'>) => SumTree {
  const { evaluation } = settings;
  const { examples } = facts.splits.train;
  const blocks = Math.ceil((facts.splits.test?.examples ?? 0) / evaluation.batchSize);
  const treeOfStep = createStepTrees(planBatches(settings, examples));
  const evaluationTree = blocks === 0 ? undefined : createSumTree(blocks);
  return ({ kind, version }) => {
    if (kind === 'evaluation') {
      if (evaluationTree === undefined) throw new Error('there is no test split to evaluate');
      return evaluationTree;
    }
    return treeOfStep(version);
  };
}
