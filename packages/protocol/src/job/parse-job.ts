import { JobError } from '../errors.ts';
import type { JobProblem } from '../errors.ts';
import { check, valueText } from '../issues.ts';
import type { Issue } from '../issues.ts';
import { deepFreeze, isPlainObject } from '../json.ts';
import type { JsonObject } from '../json.ts';
import { collectFunctions } from './functions.ts';
import type { JobFunctions } from './functions.ts';
import { settingsSchema } from './job.ts';
import type { JobSettings } from './job.ts';
import { withMarkers } from './local.ts';
import { nearestPath, nearestWord } from './nearest.ts';
import { applyOverrides } from './overrides.ts';
import { knownPaths } from './describe-job.ts';

/** A job, parsed once at the edge. */
export interface Job {
  /** As the job file says it. */
  readonly declared: JobSettings;
  /** With the overrides of the command line. */
  readonly settings: JobSettings;
  /** What cannot travel. */
  readonly functions: JobFunctions;
}

/** What a command line adds to a job. */
export interface ParseJobOptions {
  /** Name of a job that gives itself none, for example that of its file. */
  readonly name?: string;
  /** Overrides, each `path=value`, for example `optimizer.learningRate=0.01`. */
  readonly set?: readonly string[];
}

/**
 * Turns what a job file exports, or a JSON job, into complete, deeply frozen settings and the functions
 * that stay behind. Reads no file and calls no function.
 * @throws JobError with one line for each wrong field
 */
export function parseJob(definition: unknown, options: ParseJobOptions = {}): Job {
  if (!isPlainObject(definition)) {
    const rule = `a job is an object, as defineJob({ ... }) gives it; got ${valueText(definition)}`;
    throw new JobError([{ path: '', value: definition, rule }]);
  }
  const plain = plainDefinition(definition, options.name);
  const declared = parseSettings(plain);
  const set = options.set ?? [];
  const settings =
    set.length === 0 ? declared : parseSettings(applyOverrides(plain, set, declared));
  return { declared, settings, functions: collectFunctions(definition, settings) };
}

/**
 * Checks plain settings, filling in defaults.
 * @throws JobError with one line for each wrong field
 */
export function parseSettings(plain: unknown): JobSettings {
  const result = check(settingsSchema, plain);
  if ('issues' in result) throw new JobError(result.issues.map(problemOf));
  return deepFreeze(result.value);
}

/** The definition as the schema knows it: no functions, the functional form spelled as a model. */
function plainDefinition(definition: JsonObject, name: string | undefined): JsonObject {
  const { parameters, predict, ...rest } = definition;
  if (parameters !== undefined && rest['model'] !== undefined) {
    const rule = 'must be left out of a job that has a model';
    throw new JobError([{ path: 'parameters', value: parameters, rule }]);
  }
  const plain: Record<string, unknown> = { ...(name === undefined ? {} : { name }) };
  for (const [key, value] of Object.entries(rest)) {
    if (value !== undefined) plain[key] = typedForm(key, value) ?? withMarkers(value);
  }
  if (parameters !== undefined) plain['model'] = { type: 'parameters' };
  else if (predict !== undefined) plain['predict'] = withMarkers(predict);
  return isCompiledModel(plain) ? withCompiledDefaults(plain) : plain;
}

/** `model`, `data` and `schedule` say by their type what they are, where the job file may write it shorter. */
function typedForm(key: string, value: unknown): JsonObject | undefined {
  if (!['model', 'data', 'schedule'].includes(key)) return undefined;
  if (typeof value === 'function') return { type: 'function' };
  if (!isPlainObject(value) || key === 'schedule') return undefined;
  if (key === 'data') return value['type'] === 'function' ? functionData(value) : undefined;
  return 'class_name' in value ? { type: 'layers', topology: withMarkers(value) } : undefined;
}

/** The splits stay where they are; the rest may be plain. */
function functionData({ train: _train, test: _test, ...rest }: JsonObject): JsonObject {
  const given = Object.entries(rest).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given.map(([key, value]) => [key, withMarkers(value)]));
}

function isCompiledModel(plain: JsonObject): boolean {
  const { model, loss } = plain;
  return loss === undefined && isPlainObject(model) && model['type'] === 'function';
}

/** A job without loss takes it, and the metrics unless it names some, from its compiled model. */
function withCompiledDefaults(plain: JsonObject): JsonObject {
  return { metrics: [{ $local: 'compiled' }], ...plain, loss: { $local: 'compiled' } };
}

function problemOf(issue: Issue): JobProblem {
  const { path, value, rule, allowed } = issue;
  if (rule === 'unknown field') return unknownField(path, value);
  const nearest = typeof value === 'string' ? nearestWord(value, allowed) : undefined;
  return nearest === undefined ? { path, value, rule } : { path, value, rule, nearest };
}

function unknownField(path: string, value: unknown): JobProblem {
  const known = knownPaths();
  if (known.includes(path)) return { path, value, rule: 'does not belong to this type' };
  const nearest = nearestPath(path, known);
  const rule = 'unknown field';
  return nearest === undefined ? { path, value, rule } : { path, value, rule, nearest };
}
