import {
  createLayout,
  createStepTrees,
  locateStep,
  isGradientBucket,
  isParameterBucket,
  planBatches,
  planBuckets,
  stepsOfEpochs,
} from '@paceline/math';
import type { JobSettings, MessageOf } from '@paceline/protocol';
import type { RunShape } from './state.ts';

/** What a layout settles: buckets, steps an epoch, steps of the run (the smaller of `until.steps` and `until.epochs` wins). */
export function shapeOfRun(layout: MessageOf<'layout'>, settings: JobSettings): RunShape {
  const vector = createLayout(layout.tensors);
  const buckets = planBuckets(vector, settings.bucketBytes);
  const { examples } = layout.splits.train;
  const batches = planBatches(settings, examples);
  const { steps = Infinity, epochs = Infinity } = settings.until;
  return {
    layout,
    vector,
    buckets,
    gradientBuckets: buckets.filter(isGradientBucket).length,
    parameterBuckets: buckets.filter(isParameterBucket).map((bucket) => bucket.index),
    examples,
    testExamples: layout.splits.test?.examples ?? 0,
    batches,
    totalSteps: Math.min(steps, stepsOfEpochs(batches, epochs)),
    treeOf: createStepTrees(batches),
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
  return isEpochEnd(shape, version) && locateStep(shape.batches, version).epoch % everyEpochs === 0;
}

/** Whether the steps up to `version` are whole epochs. */
export function isEpochEnd({ batches }: RunShape, version: number): boolean {
  return locateStep(batches, version).offset === 0;
}
