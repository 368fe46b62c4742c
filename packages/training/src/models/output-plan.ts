/** Loss and metrics of each output of a LayersModel, from the job or from compile(). */
import type { Tensor } from '@tensorflow/tfjs';
import { TrainingError } from '../errors.ts';
import type { TrainingJob } from '../job.ts';
import type { Loss, LossValues } from '../losses/loss.ts';
import { createLoss } from '../losses/registry.ts';
import type { MetricSum } from '../metrics/metric.ts';
import { createMetric } from '../metrics/registry.ts';
import type { MetricContext } from '../metrics/registry.ts';
import { isCompiledMarker, isMarker, listMetrics } from './job-metrics.ts';
import type { Socket } from './match-arrays.ts';

/** What is computed at one output. */
export interface OutputPlan {
  readonly output: Socket;
  readonly loss: Loss;
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
  const ofJob = listMetrics(job);
  const metrics =
    ofJob === undefined ? compiledMetrics(compiled.metrics, outputs) : outputs.map(() => ofJob);
  return outputs.map((output, index) => {
    const loss = losses[index];
    if (loss === undefined) throw missingLoss(output);
    const context: MetricContext = { loss, width: output.shape.at(-1) ?? undefined };
    const prefix = outputs.length === 1 ? '' : `${output.name}_`;
    const named = (metrics[index] ?? []).flatMap((metric) => metricOf(metric, context));
    return {
      output,
      loss,
      metrics: named.map((metric) => ({ ...metric, name: `${prefix}${metric.name}` })),
    };
  });
}

function lossesOf(
  { settings, functions }: TrainingJob,
  compiled: unknown,
  outputs: readonly Socket[],
): readonly (Loss | undefined)[] {
  if (functions.loss !== undefined) return perOutput(functions.loss, outputs).map(jobLoss);
  if (isCompiledMarker(settings.loss) || isNone(settings.loss)) {
    return perOutput(compiled, outputs).map(jobLoss);
  }
  if (isMarker(settings.loss)) {
    throw new TrainingError(
      'bad-loss',
      'loss: the function is not in the job file of this machine',
    );
  }
  return perOutput(settings.loss, outputs).map(jobLoss);
}

function isNone(value: unknown): boolean {
  return value === undefined || value === null;
}

/** A single value is for every output; a list is in their order; a record is by their names. */
function perOutput(given: unknown, outputs: readonly Socket[]): readonly unknown[] {
  if (Array.isArray(given)) {
    if (given.length === outputs.length) return given;
    // compile() without a loss leaves an empty list.
    if (given.length === 0) return outputs.map(() => undefined);
    throw new TrainingError(
      'bad-loss',
      `loss: ${String(given.length)} losses for ${String(outputs.length)} outputs (${namesOf(outputs)})`,
    );
  }
  if (typeof given !== 'object' || given === null) return outputs.map(() => given);
  const known = new Set(outputs.flatMap(({ name, originalName }) => [name, originalName]));
  const wrong = Object.keys(given).find((name) => !known.has(name));
  if (wrong !== undefined) {
    throw new TrainingError('bad-loss', `loss: no output "${wrong}"; outputs: ${namesOf(outputs)}`);
  }
  return outputs.map((output) => byName(given, output));
}

function byName(record: object, { name, originalName }: Socket): unknown {
  const entries = new Map<string, unknown>(Object.entries(record));
  return entries.get(name) ?? entries.get(originalName);
}

function namesOf(outputs: readonly Socket[]): string {
  return outputs.map((output) => `"${output.name}"`).join(', ');
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
