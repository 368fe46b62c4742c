import type { MetricValues } from '@paceline/protocol';

import type { CompiledMeasures, Measure } from './read-compiled.ts';
import type { FitLogs } from './types.ts';

/** How what a run reports is called by `fit`. */
export interface LogPlan {
  /** The names of `fit`, in its order; the loss comes first. */
  readonly names: readonly string[];
  /** The metrics that the job must have for it, in the order of the outputs. */
  readonly metrics: readonly (readonly Measure[])[];
  /** The numbers of a step or an evaluation under the names of `fit`. */
  logs(report: { readonly loss: number; readonly metrics: MetricValues }): FitLogs;
}

/**
 * Plans the logs of a model. With several outputs `fit` also tells the loss of each one, which a job has as a metric.
 * `metricsNames` are the model's, `reportNames` those of its outputs in the run's reports.
 */
export function planLogs(
  { losses, metrics }: CompiledMeasures,
  metricsNames: readonly string[],
  reportNames: readonly string[],
): LogPlan {
  const isSingle = losses.length === 1;
  const ofOutputs = isSingle ? [] : losses.map((loss, i) => keyOf(loss, reportNames[i]));
  const ofMetrics = metrics.flatMap((list, i) =>
    list.map((metric) => keyOf(metric, isSingle ? undefined : reportNames[i])),
  );
  const names = distinct(metricsNames);
  const keys = [...ofOutputs, ...ofMetrics];
  return {
    names,
    metrics: isSingle ? metrics : metrics.map((list, i) => [...losses.slice(i, i + 1), ...list]),
    logs: (report) =>
      Object.fromEntries(
        names.map((name, i) => {
          const key = keys[i - 1];
          return [name, key === undefined ? report.loss : (report.metrics[key] ?? NaN)];
        }),
      ),
  };
}

/** The name of a measure, as jobs know it. */
export function nameOf(measure: Measure): string {
  return typeof measure === 'string' ? measure : measure.name;
}

function keyOf(measure: Measure, output: string | undefined): string {
  return output === undefined ? nameOf(measure) : `${output}_${nameOf(measure)}`;
}

/** `fit` numbers names that come more than once. */
function distinct(names: readonly string[]): readonly string[] {
  return names.map((name, i) => {
    const isOnly = names.filter((each) => each === name).length === 1;
    const before = names.slice(0, i).filter((each) => each === name).length;
    return isOnly ? name : `${name}_${before}`;
  });
}
