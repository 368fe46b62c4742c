/** One thing, or several by the name of the input or output that they are for. */

/** A path or the name of an array; or several by name. */
export type OneOrByName = string | Readonly<Record<string, string>>;

/** Pairs of name and thing; the name of the only one is empty. */
export function namedPaths(value: OneOrByName): readonly (readonly [string, string])[] {
  return typeof value === 'string' ? [['', value]] : Object.entries(value);
}
