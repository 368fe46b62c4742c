/** A plain JSON object. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Whether a value is an object with named fields: no array, no typed array, no class instance. */
export function isPlainObject(value: unknown): value is JsonObject {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/**
 * JSON with sorted keys and no spaces: equal values have equal text. Numbers are written as
 * JavaScript writes them (as RFC 8785 does); fields that are undefined are left out.
 * @throws TypeError for a number that is not finite, a function, a bigint: they have no JSON
 */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (isPlainObject(value)) {
    const fields = Object.keys(value)
      .filter((key) => value[key] !== undefined)
      .sort()
      .map((key) => `${JSON.stringify(key)}:${canonicalJson(value[key])}`);
    return `{${fields.join(',')}}`;
  }
  if (typeof value === 'number' && !Number.isFinite(value)) {
    throw new TypeError(`${value} has no JSON`);
  }
  if (value === null || ['number', 'string', 'boolean'].includes(typeof value)) {
    return JSON.stringify(value);
  }
  throw new TypeError(`a ${typeof value} has no JSON`);
}

/** Where two plain values differ, and what is there; undefined stands for "not there". */
export interface Difference {
  /** Dotted path; empty when the values themselves differ. */
  readonly path: string;
  readonly left: unknown;
  readonly right: unknown;
}

/**
 * The first difference of two plain values, walking the fields of `left` in their order, then those
 * that only `right` has. A field that is undefined counts as absent; the order of fields does not count.
 */
export function firstDifference(left: unknown, right: unknown): Difference | undefined {
  return differenceAt('', left, right);
}

function differenceAt(path: string, left: unknown, right: unknown): Difference | undefined {
  if (Object.is(left, right)) return undefined;
  const areLists = Array.isArray(left) && Array.isArray(right);
  if (!areLists && !(isPlainObject(left) && isPlainObject(right))) return { path, left, right };
  const [leftFields, rightFields] = [left as JsonObject, right as JsonObject];
  for (const key of new Set([...Object.keys(leftFields), ...Object.keys(rightFields)])) {
    const inner = path === '' ? key : `${path}.${key}`;
    const difference = differenceAt(inner, leftFields[key], rightFields[key]);
    if (difference) return difference;
  }
  return undefined;
}

/** Freezes a plain value and all that it holds; gives it back. */
export function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(deepFreeze);
  }
  return value;
}
