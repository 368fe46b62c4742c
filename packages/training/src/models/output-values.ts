/** Loss and metrics of the predictions of one output, with checks in words of the model. */
import type { Scalar, Tensor } from '@tensorflow/tfjs';
import type { TensorFlow } from '../backend/interface.ts';
import { TrainingError } from '../errors.ts';
import type { LabelKind, Loss } from '../losses/loss.ts';
import { isInWords, operationMessage } from '../operation-errors.ts';
import { sumOverExamples } from '../sum-over-examples.ts';
import { weightsByClass } from './class-weights.ts';
import { weighted } from './example-weights.ts';
import type { Mode } from './model.ts';
import type { OutputPlan } from './output-plan.ts';

/** Labels and predictions of one output. */
export interface OutputTensors {
  readonly labels: Tensor;
  readonly predictions: Tensor;
  readonly examples: number;
  /** Of the examples, as the data gives them. */
  readonly weights: Tensor | undefined;
}

/**
 * The sum over the examples of the loss, times the weights of examples, classes (in training), and the output.
 * @throws {TrainingError} `bad-shape` for labels or weights that do not fit the predictions, `bad-loss`.
 */
export function summedLoss(tf: TensorFlow, plan: OutputPlan, o: OutputTensors, mode: Mode): Scalar {
  checkLabels(plan.loss, plan.output.name, o);
  const sum = summedOverExamples(tf, plan, o, weightsOf(tf, plan, o, mode));
  return plan.lossWeight === 1 ? sum : tf.mul(sum, plan.lossWeight);
}

function summedOverExamples(
  tf: TensorFlow,
  { loss, output }: OutputPlan,
  o: OutputTensors,
  weights: Tensor | undefined,
): Scalar {
  const { labels, predictions, examples } = o;
  const words = `loss ${loss.name} at output "${output.name}"`;
  const { sum } = loss;
  if (sum !== undefined && weights === undefined) {
    return guarded(words, o, 'bad-loss', () => sum(tf, labels, predictions, examples)) as Scalar;
  }
  const values = guarded(words, o, 'bad-loss', () => loss.values(tf, labels, predictions));
  checkPerExample(values, examples, words, 'bad-loss');
  const all = weights === undefined ? values : weighted(tf, values, { weights, loss: words });
  return sumOverExamples(tf, all, examples);
}

/** Classes have weights in training alone, as in tfjs. */
function weightsOf(
  tf: TensorFlow,
  { output, classWeights }: OutputPlan,
  { labels, weights }: OutputTensors,
  mode: Mode,
): Tensor | undefined {
  if (classWeights === undefined || mode !== 'training') return weights;
  const ofClasses = weightsByClass(tf, classWeights, { labels, output: output.name });
  if (weights === undefined) return ofClasses;
  const [examples = 1] = weights.shape;
  return tf.mul(weights, tf.reshape(ofClasses, [examples, ...weights.shape.slice(1).fill(1)]));
}

/** For each metric the sum over the examples. @throws {TrainingError} `bad-metric`. */
export function metricCounts(
  tf: TensorFlow,
  plan: OutputPlan,
  o: OutputTensors,
): readonly Tensor[] {
  return plan.metrics.map((metric) => {
    const words = `metric ${metric.name} at output "${plan.output.name}"`;
    const values = guarded(words, o, 'bad-metric', () =>
      metric.values(tf, o.labels, o.predictions),
    );
    checkPerExample(values, o.examples, words, 'bad-metric');
    return sumOverExamples(tf, values, o.examples);
  });
}

/** tfjs would broadcast labels of another shape silently. */
function checkLabels(loss: Loss, output: string, { labels, predictions }: OutputTensors): void {
  if (loss.labels === undefined || fitsPredictions(loss.labels, labels, predictions)) return;
  const wanted = loss.labels === 'classIndex' ? predictions.shape.slice(0, -1) : predictions.shape;
  const broadcast = loss.labels === 'broadcast' ? ' (or 1 for any of them but the first)' : '';
  throw new TrainingError(
    'bad-shape',
    `output "${output}" gives [${predictions.shape.join(', ')}] (examples first), for which the loss ${loss.name} ` +
      `takes labels of shape [${wanted.join(', ')}]${broadcast}; the data gives [${labels.shape.join(', ')}]`,
    { data: { output, loss: loss.name } },
  );
}

function fitsPredictions(kind: LabelKind, labels: Tensor, predictions: Tensor): boolean {
  const [found, given] = [labels.shape, predictions.shape];
  switch (kind) {
    case 'values':
      return isSameShape(found, given);
    case 'broadcast':
      return isSameShape(
        found.map((dimension, axis) =>
          axis > 0 && dimension === 1 ? (given[axis] ?? 1) : dimension,
        ),
        given,
      );
    case 'classIndex': {
      const wanted = given.slice(0, -1);
      return isSameShape(found, wanted) || isSameShape(found, [...wanted, 1]);
    }
  }
}

function isSameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((dimension, axis) => dimension === b[axis]);
}

function guarded(
  words: string,
  { labels, predictions }: OutputTensors,
  code: 'bad-loss' | 'bad-metric',
  body: () => unknown,
): Tensor {
  let values: unknown;
  try {
    values = body();
  } catch (error) {
    if (isInWords(error)) throw error;
    const shapes = `labels [${labels.shape.join(', ')}], predictions [${predictions.shape.join(', ')}]`;
    throw new TrainingError(code, `${words} threw for ${shapes}: ${operationMessage(error)}`, {
      cause: error,
    });
  }
  if (isTensor(values)) return values;
  throw new TrainingError(code, `${words} must return a tensor, got ${typeof values}`);
}

function isTensor(value: unknown): value is Tensor {
  return typeof value === 'object' && value !== null && 'dataSync' in value && 'rank' in value;
}

function checkPerExample(
  values: Tensor,
  examples: number,
  words: string,
  code: 'bad-loss' | 'bad-metric',
): void {
  if (values.rank === 0 || values.shape[0] === examples) return;
  throw new TrainingError(
    code,
    `${words} must give a scalar or one value per example (${String(examples)}), got shape [${values.shape.join(', ')}]`,
  );
}
