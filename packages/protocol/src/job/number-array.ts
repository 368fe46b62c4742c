/** Numbers in nested lists of one shape, for example `[[1, 2], [3, 4], [5, 6]]` of shape 3 x 2. */
export type NumberArray = readonly number[] | readonly NumberArray[];

/** Whether a value is nested lists of finite numbers, all lists of one depth equally long, none empty. */
export function isNumberArray(value: unknown): value is NumberArray {
  return Array.isArray(value) && shapeOf(value) !== undefined;
}

/** The shape of nested lists of finite numbers; undefined when they have none. */
export function shapeOf(list: readonly unknown[]): readonly number[] | undefined {
  const [first] = list;
  if (typeof first === 'number') return list.every(Number.isFinite) ? [list.length] : undefined;
  if (!Array.isArray(first)) return undefined;
  const inner = shapeOf(first);
  if (!inner) return undefined;
  const isAlike = (item: unknown): boolean =>
    Array.isArray(item) && String(shapeOf(item)) === String(inner);
  return list.every(isAlike) ? [list.length, ...inner] : undefined;
}
