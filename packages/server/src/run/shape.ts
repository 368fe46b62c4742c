import {
  createLayout,
  createStepTrees,
  isGradientBucket,
  isParameterBucket,
  planBuckets,
  stepsPerEpoch,
} from '@paceline/math';
import type { JobSettings, MessageOf } from '@paceline/protocol';
import type { RunShape } from './state.ts';

/** What a layout settles: buckets, steps an epoch, steps of the run (the smaller of `until.steps` and `until.epochs` wins). */
export function shapeOfRun(layout: MessageOf<'layout'>, settings: JobSettings): RunShape {
  const vector = createLayout(layout.tensors);
  const buckets = planBuckets(vector, settings.bucketBytes);
  const { examples } = layout.splits.train;
  const { batchSize, microbatches } = settings;
  const perEpoch = stepsPerEpoch(examples, batchSize);
  const { steps, epochs } = settings.until;
  return {
    layout,
    vector,
    buckets,
    gradientBuckets: buckets.filter(isGradientBucket).length,
    parameterBuckets: buckets.filter(isParameterBucket).map((bucket) => bucket.index),
    examples,
    testExamples: layout.splits.test?.examples ?? 0,
    stepsPerEpoch: perEpoch,
    totalSteps: Math.min(steps ?? Infinity, epochs === undefined ? Infinity : epochs * perEpoch),
    treeOf: createStepTrees({ examples, batchSize, microbatches }),
  };
}

/** Whether the parameters of `version` are to be evaluated on the test split: at epoch ends that are due, and at the end. */
export function isEvaluationDue(
  shape: RunShape,
  settings: JobSettings,
  version: number,
  isLast: boolean = version === shape.totalSteps,
): boolean {
  if (shape.testExamples === 0 || version === 0) return false;
  if (isLast) return true;
  const { everyEpochs } = settings.evaluation;
  return everyEpochs > 0 && version % (everyEpochs * shape.stepsPerEpoch) === 0;
}
