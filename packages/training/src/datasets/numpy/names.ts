/** One thing, or several by the name of the input or output that they are for. */

/** A path or the name of an array; or several by name. */
export type OneOrByName = string | Readonly<Record<string, string>>;

/** What a split is made of. */
export interface Parts {
  readonly x: OneOrByName;
  readonly y: OneOrByName;
  readonly sampleWeight?: OneOrByName | undefined;
}

/** {@link namedPaths} of each part; no weights where there are none. */
export function namedParts({ x, y, sampleWeight }: Parts): {
  readonly [side in 'x' | 'y' | 'weights']: ReturnType<typeof namedPaths>;
} {
  const weights = sampleWeight === undefined ? [] : namedPaths(sampleWeight);
  return { x: namedPaths(x), y: namedPaths(y), weights };
}

/** Pairs of name and thing; the name of the only one is empty. */
function namedPaths(value: OneOrByName): readonly (readonly [string, string])[] {
  return typeof value === 'string' ? [['', value]] : Object.entries(value);
}
