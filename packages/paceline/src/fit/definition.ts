import type { NpyData } from '../file-datasets.ts';
import type { FitArguments } from './arguments.ts';
import type { LogPlan } from './log-plan.ts';
import type { OptimizerForm } from './optimizer-form.ts';
import type { CompiledMeasures, Measure } from './read-compiled.ts';
import type { FitOptions } from './types.ts';

/** What a job is made of. */
export interface JobParts {
  readonly topology: object;
  /** The user's names of the outputs. */
  readonly outputNames: readonly string[];
  readonly compiled: CompiledMeasures;
  readonly plan: LogPlan;
  readonly form: OptimizerForm;
  readonly data: NpyData;
  readonly start: object;
  readonly numbers: FitArguments;
  readonly seed: number;
  /** Steps after which the state is written; as often as pays off by default. */
  readonly saveEvery: number | undefined;
  readonly options: FitOptions;
}

/** The definition of the job that means what a call of `fit` means; functions of TensorFlow.js stand in it by name. Pure. */
export function fitDefinition(parts: JobParts): {
  readonly topology: object;
  readonly [field: string]: unknown;
} {
  const { outputNames, compiled, plan, form, numbers, options, saveEvery } = parts;
  const { batchSize, microbatches, epochs, initialEpoch } = numbers;
  return {
    topology: parts.topology,
    name: options.name ?? 'fit',
    loss: forOutputs(outputNames, compiled.losses),
    metrics: forOutputs(outputNames, plan.metrics),
    classWeight: options.classWeight,
    data: parts.data,
    optimizer: form.settings,
    schedule: options.schedule,
    batchSize,
    microbatches,
    until: { epochs: epochs - initialEpoch },
    evaluation: { batchSize },
    seed: parts.seed,
    threads: options.threads,
    nonFinite: options.nonFinite,
    start: parts.start,
    checkpoint: { keep: 2, ...(saveEvery === undefined ? {} : { everySteps: saveEvery }) },
  };
}

/** The only one, or by the names of the outputs. */
function forOutputs(
  names: readonly string[],
  each: readonly (Measure | readonly Measure[])[],
): unknown {
  if (names.length === 1) return each[0];
  return Object.fromEntries(names.map((name, i) => [name, each[i]]));
}
