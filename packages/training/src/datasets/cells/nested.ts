/** Numbers in nested lists, as JSON and Parquet have them. */
import { RowProblem, shown } from '../rows/row-problem.ts';

/** The shape that the first elements of nested lists have; [1] for a number. @throws {RowProblem} for an empty list. */
export function shapeOf(value: unknown, place: string): readonly number[] {
  return Array.isArray(value) ? shapeOfList(value, place) : [1];
}

function shapeOfList(list: readonly unknown[], place: string): readonly number[] {
  if (list.length === 0) throw new RowProblem('a list without numbers', place);
  const [first] = list;
  return Array.isArray(first) ? [list.length, ...shapeOfList(first, place)] : [list.length];
}

/** Where numbers are written. */
export interface NestedTarget {
  readonly cells: Float32Array;
  /** Shape of the whole value. */
  readonly shape: readonly number[];
  readonly place: string;
}

/** Writes a number, a truth value (1 or 0) or nested lists of them from `at` on. @throws {RowProblem} for another shape. */
export function writeNested(target: NestedTarget, value: unknown, at: number): void {
  const { shape, place, cells } = target;
  if (!Array.isArray(value)) {
    if (shape.length > 1 || shape[0] !== 1)
      throw new RowProblem(`must be ${listOf(shape)}, got ${words(value)}`, place);
    cells[at] = numberOf(value, place);
    return;
  }
  writeList(target, value, { at, axis: 0 });
}

function writeList(
  target: NestedTarget,
  list: readonly unknown[],
  { at, axis }: { readonly at: number; readonly axis: number },
): void {
  const { shape, place, cells } = target;
  if (list.length !== shape[axis]) {
    const found = `a list of ${String(list.length)} where the first example has ${String(shape[axis] ?? 'a number')}`;
    throw new RowProblem(`must be ${listOf(shape)}, got ${found}`, place);
  }
  const stride = shape.slice(axis + 1).reduce((product, dimension) => product * dimension, 1);
  list.forEach((element, i) => {
    if (axis + 1 === shape.length) cells[at + i] = numberOf(element, place);
    else if (Array.isArray(element))
      writeList(target, element, { at: at + i * stride, axis: axis + 1 });
    else throw new RowProblem(`must be ${listOf(shape)}, got ${words(element)} in it`, place);
  });
}

function numberOf(value: unknown, place: string): number {
  if (typeof value === 'boolean' || typeof value === 'bigint') return Number(value);
  if (typeof value !== 'number')
    throw new RowProblem(`must be a number, got ${words(value)}`, place);
  if (Number.isFinite(Math.fround(value))) return value;
  throw new RowProblem(`must be a number that fits into 32 bits, got ${String(value)}`, place);
}

function listOf(shape: readonly number[]): string {
  return shape.length === 1 && shape[0] === 1
    ? 'a number'
    : `numbers of shape [${shape.join(', ')}]`;
}

function words(value: unknown): string {
  if (typeof value === 'string') return shown(value);
  if (typeof value !== 'object' || value === null) return String(value);
  const text = JSON.stringify(value, (_, each: unknown) =>
    typeof each === 'bigint' ? Number(each) : each,
  );
  return shown(text).slice(1, -1);
}
