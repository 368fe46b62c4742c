/** The metrics of a job: names from its settings, functions from what it holds beside them. */
import { TrainingError } from '../errors.ts';
import type { MetricList, TrainingJob } from '../job.ts';
import type { LocalMarker } from '../local-marker.ts';

/** Names and functions: for every output, or for each by its name. */
export type JobMetrics = readonly unknown[] | Readonly<Record<string, readonly unknown[]>>;

/**
 * Names and functions in the job's order; undefined when the job leaves the metrics to compile(). A function stands in
 * the settings as a marker; it is at the same place of the job's functions.
 * @throws {TrainingError} `bad-metric` for a marker without its function.
 */
export function metricsOf({ settings, functions }: TrainingJob): JobMetrics | undefined {
  const { metrics } = settings;
  if (metrics === undefined) return undefined;
  if (isList(metrics)) {
    if (metrics.some(isCompiledMarker)) return undefined;
    return withFunctions('metrics', metrics, functions.metrics);
  }
  const local = new Map(Object.entries(functions.metrics ?? {}));
  const lists = Object.entries(metrics).map(
    ([name, list]) => [name, withFunctions(`metrics.${name}`, list, local.get(name))] as const,
  );
  return Object.fromEntries(lists);
}

/** Whether metrics are for every output. */
export function isList<T>(metrics: readonly T[] | object): metrics is readonly T[] {
  return Array.isArray(metrics);
}

function withFunctions(path: string, metrics: MetricList, functions: unknown): readonly unknown[] {
  return metrics.map((metric, index) => {
    if (typeof metric === 'string') return metric;
    const local: unknown = Array.isArray(functions) ? functions[index] : undefined;
    if (typeof local === 'function') return local;
    throw new TrainingError(
      'bad-metric',
      `${path}[${String(index)}]: the function is not in the job file of this machine`,
    );
  });
}

/** Whether a setting says "what the model is compiled with". */
export function isCompiledMarker(setting: unknown): boolean {
  return isMarker(setting) && setting.$local === 'compiled';
}

/** Whether a setting stands for something that could not travel. */
export function isMarker(setting: unknown): setting is LocalMarker {
  return typeof setting === 'object' && setting !== null && '$local' in setting;
}
