/** The metrics of a job: names from its settings, functions from what it holds beside them. */
import { TrainingError } from '../errors.ts';
import type { LocalMarker, TrainingJob } from '../job.ts';

/**
 * Names and functions in the job's order; undefined when the job leaves the metrics to compile(). A function stands in
 * the settings as a marker; it is at the same place of the job's functions.
 * @throws {TrainingError} `bad-metric` for a marker without its function.
 */
export function listMetrics({ settings, functions }: TrainingJob): readonly unknown[] | undefined {
  const { metrics } = settings;
  if (metrics === undefined || metrics.some(isCompiledMarker)) return undefined;
  return metrics.map((metric, index) => {
    if (typeof metric === 'string') return metric;
    const local = functions.metrics?.[index];
    if (typeof local === 'function') return local;
    throw new TrainingError(
      'bad-metric',
      `metrics[${String(index)}]: the function is not in the job file of this machine`,
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
