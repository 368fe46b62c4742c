/** Loss and metrics of each output of a LayersModel, from the job or from compile(). */
import type { Tensor } from '@tensorflow/tfjs';
import { TrainingError } from '../errors.ts';
import type { TrainingJob } from '../job.ts';
import type { Loss, LossValues } from '../losses/loss.ts';
import { createLoss } from '../losses/registry.ts';
import type { MetricSum } from '../metrics/metric.ts';
import { createMetric } from '../metrics/registry.ts';
import type { MetricContext } from '../metrics/registry.ts';
import type { ClassWeights } from './class-weights.ts';
import { classWeightsOf } from './class-weights.ts';
import { isCompiledMarker, isList, isMarker, metricsOf } from './job-metrics.ts';
import type { Socket } from './match-arrays.ts';
import { byName, perOutput } from './per-output.ts';

/** What is computed at one output. */
export interface OutputPlan {
  readonly output: Socket;
  readonly loss: Loss;
  /** By what its loss is multiplied, in the sum over the outputs. */
  readonly lossWeight: number;
  /** By what the losses of examples are multiplied in training, by their label. */
  readonly classWeights: ClassWeights | undefined;
  /** The sums of its metrics, in the order of the metrics. */
  readonly metrics: readonly MetricSum[];
}

/** What compile() was given; undefined fields for a model that is not compiled. */
export interface Compiled {
  readonly loss?: unknown;
  readonly metrics?: unknown;
}

/**
 * One plan per output. The job's loss and metrics go before those of compile().
 * @throws {TrainingError} `bad-loss`, `bad-metric`.
 */
export function planOutputs(
  job: TrainingJob,
  compiled: Compiled,
  outputs: readonly Socket[],
): readonly OutputPlan[] {
  const losses = lossesOf(job, compiled.loss, outputs);
  const lossWeights = perOutput('lossWeights', job.settings.lossWeights, outputs);
  const classWeights = classWeightsOf(job.settings, outputs);
  const metrics = metricsByOutput(job, compiled.metrics, outputs);
  return outputs.map((output, index) => {
    const loss = losses[index];
    if (loss === undefined) throw missingLoss(output);
    const context: MetricContext = { loss, width: output.shape.at(-1) ?? undefined };
    const prefix = outputs.length === 1 ? '' : `${output.name}_`;
    const named = (metrics[index] ?? []).flatMap((metric) => metricOf(metric, context));
    return {
      output,
      loss,
      lossWeight: (lossWeights[index] as number | undefined) ?? 1,
      classWeights: classWeights[index],
      metrics: named.map((metric) => ({ ...metric, name: `${prefix}${metric.name}` })),
    };
  });
}

function lossesOf(
  { settings, functions }: TrainingJob,
  compiled: unknown,
  outputs: readonly Socket[],
): readonly (Loss | undefined)[] {
  if (functions.loss !== undefined) return perOutput('loss', functions.loss, outputs).map(jobLoss);
  if (isCompiledMarker(settings.loss) || isNone(settings.loss)) {
    return perOutput('loss', compiled, outputs).map(jobLoss);
  }
  if (isMarker(settings.loss)) {
    throw new TrainingError(
      'bad-loss',
      'loss: the function is not in the job file of this machine',
    );
  }
  return perOutput('loss', settings.loss, outputs).map(jobLoss);
}

function isNone(value: unknown): boolean {
  return value === undefined || value === null;
}

function jobLoss(given: unknown): Loss | undefined {
  if (typeof given === 'string') return createLoss(given);
  return typeof given === 'function'
    ? { name: nameOf(given, 'loss'), values: valuesOf(given) }
    : undefined;
}

function metricOf(given: unknown, context: MetricContext): readonly MetricSum[] {
  if (typeof given === 'string') return createMetric(given, context);
  if (typeof given === 'function')
    return [{ name: nameOf(given, 'metric'), values: valuesOf(given) }];
  throw new TrainingError('bad-metric', `metrics: must be names or functions, got ${typeof given}`);
}

/**
 * Functions of a job file take (tf, labels, predictions), for the file itself may not import tfjs; those of compile()
 * take (labels, predictions). The number of parameters tells which.
 */
function valuesOf(given: object): LossValues {
  const call = given as (...values: readonly unknown[]) => Tensor;
  return call.length === 2
    ? (_tf, labels, predictions) => call(labels, predictions)
    : (tf, labels, predictions) => call(tf, labels, predictions);
}

function nameOf(value: object, otherwise: string): string {
  const { name } = value as { readonly name?: unknown };
  return typeof name === 'string' && name !== '' ? name : otherwise;
}

function metricsByOutput(
  job: TrainingJob,
  compiled: unknown,
  outputs: readonly Socket[],
): readonly (readonly unknown[])[] {
  const ofJob = metricsOf(job);
  if (ofJob === undefined) return compiledMetrics(compiled, outputs);
  if (isList(ofJob)) return outputs.map(() => ofJob);
  return perOutput('metrics', ofJob, outputs).map((list) => (list ?? []) as readonly unknown[]);
}

/** compile() takes metrics for all outputs as one or a list, or a record of one or a list by output. */
function compiledMetrics(
  given: unknown,
  outputs: readonly Socket[],
): readonly (readonly unknown[])[] {
  const list = (value: unknown): readonly unknown[] =>
    value === undefined || value === null ? [] : [value].flat();
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    return outputs.map(() => list(given));
  }
  return outputs.map((output) => list(byName(given, output)));
}

function missingLoss(output: Socket): TrainingError {
  return new TrainingError(
    'bad-loss',
    `loss: none for the output "${output.name}". Give the job a loss, or compile the model with one`,
  );
}
