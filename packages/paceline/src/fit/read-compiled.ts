import { fullMeasureName } from '@paceline/protocol';
import type { TensorFlow } from '@paceline/training';

import { PacelineError } from '../errors.ts';
import type { FitModel } from './types.ts';

/** A loss or a metric that a worker can find: by the name that jobs and reports use, or as a function of TensorFlow.js. */
export type Measure = string | TensorFlowFunction;

/** `tf.losses.huberLoss`: (labels, predictions) => tensor, the same one in every copy of TensorFlow.js. */
export interface TensorFlowFunction {
  readonly call: string;
  readonly name: string;
}

/** What compile() said, for each output in their order. */
export interface CompiledMeasures {
  readonly losses: readonly Measure[];
  readonly metrics: readonly (readonly Measure[])[];
}

/**
 * Reads losses and metrics of a compiled model.
 *
 * @throws PacelineError `not-compiled`; `cannot-travel` for a function that is none of TensorFlow.js
 */
export function readCompiled(tf: TensorFlow, model: FitModel): CompiledMeasures {
  const { outputNames: outputs } = model;
  // A Sequential that is not compiled has no outputs yet.
  const { optimizer } = model as { readonly optimizer?: object | null };
  if (optimizer === undefined || optimizer === null) throw notCompiled();
  const losses = forOutputs(model.loss, outputs).map(([loss]) => loss);
  const missing = outputs.filter((_, i) => losses[i] === undefined || losses[i] === null);
  if (missing.length > 0) throw notCompiled(` for "${missing.join('", "')}"`);
  const known = namedFunctions(tf);
  const measure = (what: 'loss' | 'metric', output: string, given: unknown): Measure =>
    typeof given === 'string'
      ? fullMeasureName(given)
      : (known.get(given) ?? cannotTravel(what, output, given));
  return {
    losses: outputs.map((output, i) => measure('loss', output, losses[i])),
    metrics: metricsOf(model.metrics, outputs).map((list, i) =>
      list.map((each) => measure('metric', outputs[i] ?? '', each)),
    ),
  };
}

/** One for all outputs, a list in their order, or a record by their names. */
function forOutputs(given: unknown, outputs: readonly string[]): readonly (readonly unknown[])[] {
  if (Array.isArray(given)) return outputs.map((_, i) => given.slice(i, i + 1) as unknown[]);
  if (typeof given === 'object' && given !== null) return byName(given, outputs);
  return outputs.map(() => [given]);
}

/** Unlike losses, a list of metrics is for every output. */
function metricsOf(given: unknown, outputs: readonly string[]): readonly (readonly unknown[])[] {
  if (given === undefined || given === null) return outputs.map(() => []);
  if (typeof given === 'object' && !Array.isArray(given)) return byName(given, outputs);
  return outputs.map(() => [given].flat());
}

function byName(given: object, outputs: readonly string[]): readonly (readonly unknown[])[] {
  const entries = new Map<string, unknown>(Object.entries(given));
  return outputs.map((name) => {
    const value = entries.get(name);
    return value === undefined || value === null ? [] : [value].flat();
  });
}

/** The functions of TensorFlow.js that take labels and predictions, by identity. */
function namedFunctions(tf: TensorFlow): ReadonlyMap<unknown, TensorFlowFunction> {
  const spaces = { metrics: tf.metrics, losses: tf.losses };
  return new Map(
    Object.entries(spaces).flatMap(([space, functions]) =>
      Object.entries(functions).map(
        ([name, each]) => [each as unknown, { call: `tf.${space}.${name}`, name }] as const,
      ),
    ),
  );
}

function notCompiled(where = ''): PacelineError {
  return new PacelineError(
    'not-compiled',
    `The model has no loss${where}. Call model.compile({ optimizer, loss }) first.`,
  );
}

function cannotTravel(what: string, output: string, given: unknown): never {
  const name = typeof given === 'function' && given.name !== '' ? ` ${given.name}` : '';
  throw new PacelineError(
    'cannot-travel',
    `The ${what}${name} of the output "${output}" is a function of this program, and the workers are other processes. ` +
      'Take one by its name or from tf.losses or tf.metrics, or write a job file, in which losses and metrics may be ' +
      "functions: defineJob({ model, loss: (tf, labels, predictions) => ... }), train({ job: './job.ts' }).",
  );
}
