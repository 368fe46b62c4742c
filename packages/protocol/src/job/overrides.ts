import { JobError } from '../errors.ts';
import { isPlainObject } from '../json.ts';
import type { JsonObject } from '../json.ts';

/**
 * A copy of a plain definition with `path=value` overrides applied in order. The value is JSON where it
 * is JSON (`0.01`, `true`, `{"epochs":3}`), else the text itself. Whether the fields exist is left to
 * the check of the settings. `fallback` is what a field holds that the definition leaves out: an override of one
 * of its fields then starts from the same type.
 * @throws JobError for an override without `=`, or a path through something that has no fields
 */
export function applyOverrides(
  definition: JsonObject,
  overrides: readonly string[],
  fallback: object,
): JsonObject {
  return overrides.reduce(
    (overridden, override) => applyOverride(overridden, override, typesOf(fallback)),
    definition,
  );
}

/** The types of the things that have one: `{ optimizer: { type: 'sgd' }, ... }`. */
function typesOf(settings: object): JsonObject {
  const types = Object.entries(settings).flatMap(([key, value]: [string, unknown]) =>
    isPlainObject(value) && 'type' in value ? [[key, { type: value['type'] }] as const] : [],
  );
  return Object.fromEntries(types);
}

function applyOverride(definition: JsonObject, override: string, types: JsonObject): JsonObject {
  const equals = override.indexOf('=');
  if (equals <= 0) {
    const rule = `an override is path=value, for example batchSize=64; got "${override}"`;
    throw new JobError([{ path: '', value: override, rule }]);
  }
  const path = override.slice(0, equals);
  const keys = path.split('.');
  const [key = ''] = keys;
  const isInside = keys.length > 1 && Object.hasOwn(types, key) && definition[key] === undefined;
  const target = isInside ? { ...definition, [key]: types[key] } : definition;
  const value = jsonOrText(override.slice(equals + 1));
  return withValue(target, keys, { path, value }) as JsonObject;
}

function withValue(
  target: unknown,
  [key, ...rest]: readonly string[],
  override: { readonly path: string; readonly value: unknown },
): unknown {
  if (key === undefined) return override.value;
  if (Array.isArray(target) && /^\d+$/.test(key) && Number(key) < target.length) {
    return target.map((item: unknown, i) =>
      i === Number(key) ? withValue(item, rest, override) : item,
    );
  }
  const isTarget = target === undefined || (isPlainObject(target) && !('$local' in target));
  if (!isTarget || key === '__proto__') {
    throw new JobError([{ ...override, rule: 'unknown field' }]);
  }
  const inner = target !== undefined && Object.hasOwn(target, key) ? target[key] : undefined;
  return { ...target, [key]: withValue(inner, rest, override) };
}

function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}
