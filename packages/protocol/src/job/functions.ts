import { isPlainObject } from '../json.ts';
import type { JsonObject } from '../json.ts';
import type { JobSettings } from './job.ts';
import { holdsLocalMarker, isLocalMarker } from './local.ts';

/** Any function of a job file; whoever calls it knows its form. */
export type JobFunction = (...values: never[]) => unknown;

/** What of a job cannot travel: each process that computes has it from its own job file. */
export interface JobFunctions {
  /** (tf) => LayersModel, for model type `function`. */
  readonly model?: JobFunction;
  /** Parameters of the functional form by name, as the job file has them. */
  readonly parameters?: Readonly<Record<string, unknown>>;
  readonly loss?: JobFunction;
  /** At the places of the markers in `settings.metrics`. */
  readonly metrics?: readonly (JobFunction | undefined)[];
  /** A function, or the data object whose arrays are too large or too typed to travel. */
  readonly data?: unknown;
}

/** Picks from a definition what the settings have markers for. */
export function collectFunctions(definition: JsonObject, settings: JobSettings): JobFunctions {
  const { model, parameters, loss, metrics, data } = definition;
  const functions: { -readonly [K in keyof JobFunctions]: JobFunctions[K] } = {};
  if (settings.model.type === 'function' && isFunction(model)) functions.model = model;
  if (settings.model.type === 'parameters' && isPlainObject(parameters)) {
    functions.parameters = parameters;
  }
  if (isLocalMarker(settings.loss) && isFunction(loss)) functions.loss = loss;
  if (settings.metrics.some(isLocalMarker) && Array.isArray(metrics)) {
    functions.metrics = metrics.map((metric: unknown) => (isFunction(metric) ? metric : undefined));
  }
  if (settings.data.type === 'function' || holdsLocalMarker(settings.data)) functions.data = data;
  return functions;
}

/** Whether settings need no code: a worker then needs nothing but an address. */
export function isDataOnly(settings: JobSettings): boolean {
  return (
    settings.model.type === 'layers' &&
    settings.data.type !== 'function' &&
    !holdsLocalMarker([settings.loss, settings.metrics, settings.data])
  );
}

function isFunction(value: unknown): value is JobFunction {
  return typeof value === 'function';
}
