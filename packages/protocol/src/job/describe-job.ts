import { z } from 'zod';

import { settingsSchema } from './job.ts';

/** One setting of a job, as the documentation lists it. */
export interface SettingDescription {
  /** Dotted, for example `optimizer.learningRate`. */
  readonly path: string;
  readonly meaning: string;
  /** As JSON; undefined where there is none. */
  readonly defaultValue: string | undefined;
}

/** Every setting of a job, made from the checks themselves, in their order. */
export function describeJob(): readonly SettingDescription[] {
  const schema = z.toJSONSchema(settingsSchema, { io: 'input', unrepresentable: 'any' });
  const rows = new Map<string, SettingDescription>();
  collect('', schema, rows);
  return [...rows.values()];
}

let paths: readonly string[] | undefined;

/** The paths of all settings, of every type of model, data and optimizer. */
export function knownPaths(): readonly string[] {
  paths ??= describeJob().map((row) => row.path);
  return paths;
}

function collect(
  path: string,
  schema: z.core.JSONSchema._JSONSchema,
  rows: Map<string, SettingDescription>,
): void {
  if (typeof schema === 'boolean') return;
  if (path !== '' && !rows.has(path)) {
    const defaultValue = schema.default === undefined ? undefined : JSON.stringify(schema.default);
    rows.set(path, { path, meaning: schema.description ?? '', defaultValue });
  }
  for (const [name, field] of Object.entries(schema.properties ?? {})) {
    if (name !== '$local') collect(path === '' ? name : `${path}.${name}`, field, rows);
  }
  for (const option of [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])]) {
    collect(path, option, rows);
  }
}
