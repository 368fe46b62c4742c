/** Which rows of a file are examples: conditions on values of a row. */

/** A value of a row, as settings say it. */
export type RowValue = string | number | boolean;

/** All that is said must hold. A value that is missing fulfils nothing but `not`. */
export interface Condition {
  readonly equals?: RowValue | undefined;
  readonly in?: readonly RowValue[] | undefined;
  readonly not?: RowValue | readonly RowValue[] | undefined;
  readonly min?: string | number | undefined;
  readonly max?: string | number | undefined;
}

/** Conditions by column or field; a value alone is what it must equal. */
export type Where = Readonly<Record<string, RowValue | Condition>>;

/** Whether a value of a row fulfils a condition. */
export type Check = (value: unknown) => boolean;

/** What `where` asks of each column or field. */
export function createChecks(where: Where = {}): ReadonlyMap<string, Check> {
  return new Map(Object.entries(where).map(([name, condition]) => [name, createCheck(condition)]));
}

function createCheck(condition: RowValue | Condition): Check {
  if (typeof condition !== 'object') return (value) => isSame(value, condition);
  const { equals, in: those, not, min, max } = condition;
  const unwanted = not === undefined ? [] : [not].flat();
  const checks: Check[] = [(value) => !unwanted.some((each) => isSame(value, each))];
  if (equals !== undefined) checks.push((value) => isSame(value, equals));
  if (those !== undefined) checks.push((value) => those.some((each) => isSame(value, each)));
  if (min !== undefined) checks.push((value) => isInOrder(value, min, (a, b) => a >= b));
  if (max !== undefined) checks.push((value) => isInOrder(value, max, (a, b) => a <= b));
  return (value) => checks.every((check) => check(value));
}

/** Numbers are compared as numbers, wherever they stand; all else as text. */
function isSame(value: unknown, wanted: RowValue): boolean {
  if (typeof wanted === 'number') return numberOf(value) === wanted;
  return textOf(value) === String(wanted);
}

function isInOrder(
  value: unknown,
  bound: string | number,
  compare: (a: string | number, b: string | number) => boolean,
): boolean {
  const own = typeof bound === 'number' ? numberOf(value) : textOf(value);
  return own !== undefined && compare(own, bound);
}

function numberOf(value: unknown): number | undefined {
  if (typeof value === 'bigint') return Number(value);
  if (typeof value === 'string') return value.trim() === '' ? undefined : Number(value);
  return typeof value === 'number' ? value : undefined;
}

/** A date as ISO 8601, so that dates are in the order of their texts. */
function textOf(value: unknown): string | undefined {
  if (value instanceof Date) return value.toISOString();
  const isPlain = ['string', 'number', 'bigint', 'boolean'].includes(typeof value);
  return isPlain ? String(value) : undefined;
}
