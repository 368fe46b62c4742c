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
  /** A function; where the job has a loss for each output: names and functions in the same list or record. */
  readonly loss?: unknown;
  /** (tf, parameters, batch) => predictions, for the named metrics of the functional form. */
  readonly predict?: JobFunction;
  /** At the places of the markers in `settings.metrics`: a list, or a list for each output. */
  readonly metrics?:
    | readonly (JobFunction | undefined)[]
    | Readonly<Record<string, readonly (JobFunction | undefined)[]>>;
  /** (step, { totalSteps }) => factor of the learning rate, for schedule type `function`: on the server alone. */
  readonly schedule?: JobFunction;
  /** A function, or the data object of the job file, whose functions or large or typed arrays stay there. */
  readonly data?: unknown;
}

/** Picks from a definition what the settings have markers for. */
export function collectFunctions(definition: JsonObject, settings: JobSettings): JobFunctions {
  const { model, parameters, predict, loss, metrics, schedule, data } = definition;
  const functions: { -readonly [K in keyof JobFunctions]: JobFunctions[K] } = {};
  if (settings.model.type === 'function' && isFunction(model)) functions.model = model;
  if (settings.model.type === 'parameters' && isPlainObject(parameters)) {
    functions.parameters = parameters;
  }
  if (settings.model.type === 'parameters' && isFunction(predict)) functions.predict = predict;
  if (holdsFunctionMarker(settings.loss)) functions.loss = atMarkers(settings.loss, loss);
  if (holdsLocalMarker(settings.metrics)) {
    if (Array.isArray(metrics)) functions.metrics = functionsIn(metrics);
    else if (isPlainObject(metrics)) {
      const lists = Object.entries(metrics).map(([key, each]) => [key, functionsIn(each)] as const);
      functions.metrics = Object.fromEntries(lists);
    }
  }
  if (settings.schedule.type === 'function' && isFunction(schedule)) functions.schedule = schedule;
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

function holdsFunctionMarker(loss: JobSettings['loss']): boolean {
  return holdsLocalMarker(loss) && !(isLocalMarker(loss) && loss.$local === 'compiled');
}

/** The functions among metrics, at their places; one metric may stand for a list of it. */
function functionsIn(metrics: unknown): readonly (JobFunction | undefined)[] {
  return [metrics].flat().map((metric: unknown) => (isFunction(metric) ? metric : undefined));
}

/** Settings with what the definition has in the places of their markers; an override keeps its place. */
function atMarkers(settings: unknown, definition: unknown): unknown {
  if (isLocalMarker(settings)) return definition;
  if (Array.isArray(settings) && Array.isArray(definition)) {
    return settings.map((each: unknown, i) => atMarkers(each, definition[i]));
  }
  if (!isPlainObject(settings) || !isPlainObject(definition)) return settings;
  const entries = Object.entries(settings);
  return Object.fromEntries(entries.map(([key, each]) => [key, atMarkers(each, definition[key])]));
}

function isFunction(value: unknown): value is JobFunction {
  return typeof value === 'function';
}
