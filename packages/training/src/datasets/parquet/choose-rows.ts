/** Which rows of Parquet files are examples: all, or what conditions and bad values leave of them. */
import type { Check } from '../filter/where.ts';
import { leftOut } from '../filter/left-out.ts';
import { wordOf } from '../cells/sources.ts';
import type { Source } from '../cells/sources.ts';
import { shapeOf } from '../cells/nested.ts';
import { createBadCount } from '../rows/bad-examples.ts';
import type { BadCount, OnBadExample } from '../rows/bad-examples.ts';
import { RowProblem } from '../rows/row-problem.ts';
import { rowError, writeValue } from './group-reader.ts';
import type { FileGroup } from './group-reader.ts';

/** What is asked of rows. */
export interface RowChoice {
  readonly sources: readonly Source[];
  readonly checks: ReadonlyMap<string, Check>;
  readonly onBadExample: OnBadExample;
}

/** The groups with the rows of them that are kept, and what was left out. */
export interface ChosenRows {
  readonly groups: readonly FileGroup[];
  readonly notices: readonly string[];
}

/**
 * Reads the columns that have conditions; where bad rows are skipped, all that are used. A column of a group is in memory at a
 * time, and a byte for each row.
 */
export async function chooseRows(
  groups: readonly FileGroup[],
  { sources, checks, onBadExample }: RowChoice,
): Promise<ChosenRows> {
  if (checks.size === 0 && onBadExample === 'fail') return { groups, notices: [] };
  const bad = createBadCount();
  const shapes = new Map<Source, readonly number[]>();
  const chosen: FileGroup[] = [];
  let unwanted = 0;
  for (const from of groups) {
    const kept = new Uint8Array(from.group.rows).fill(1);
    for (const [column, check] of checks) await dropUnwanted(from, { column, check, kept });
    unwanted += kept.reduce((sum, isKept) => sum + 1 - isKept, 0);
    chosen.push({ ...from, kept });
    if (onBadExample === 'skip') await dropBad({ ...from, kept }, { sources, shapes, bad });
  }
  return { groups: chosen, notices: [...bad.notices(), ...leftOut(unwanted, 'where')] };
}

/** The numbers of the rows that are kept; undefined when all are. */
export function keptRows(groups: readonly FileGroup[]): Uint32Array | undefined {
  if (groups.every(({ kept }) => kept?.includes(0) !== true)) return undefined;
  const flags = groups.map(({ group, kept }) => kept ?? new Uint8Array(group.rows).fill(1));
  const count = flags.reduce((sum, each) => sum + each.reduce((all, isKept) => all + isKept, 0), 0);
  const members = new Uint32Array(count);
  let [first, next] = [0, 0];
  for (const each of flags) {
    each.forEach((isKept, row) => {
      if (isKept === 1) members[next++] = first + row;
    });
    first += each.length;
  }
  return members;
}

async function dropUnwanted(
  { from, group }: FileGroup,
  o: { readonly column: string; readonly check: Check; readonly kept: Uint8Array },
): Promise<void> {
  await from.readColumn(o.column, group, (values, first) => {
    for (let k = Math.max(0, -first); k < Math.min(values.length, group.rows - first); k += 1) {
      if (!o.check(values[k])) o.kept[first + k] = 0;
    }
  });
}

interface BadSearch {
  readonly sources: readonly Source[];
  /** Of the columns, from the first row that is not bad. */
  readonly shapes: Map<Source, readonly number[]>;
  readonly bad: BadCount;
}

/** The problem of each row is the first in the order of the columns; rows are counted in their order. */
async function dropBad(
  from: FileGroup & { readonly kept: Uint8Array },
  { sources, shapes, bad }: BadSearch,
): Promise<void> {
  const { group, kept } = from;
  const problems = new Map<number, RowProblem>();
  for (const source of sources) {
    await from.from.readColumn(source.field, group, (values, first) => {
      for (let k = Math.max(0, -first); k < Math.min(values.length, group.rows - first); k += 1) {
        if (kept[first + k] === 0) continue;
        const problem = problemOf(source, values[k], shapes);
        if (problem === undefined) continue;
        kept[first + k] = 0;
        problems.set(first + k, problem);
      }
    });
  }
  for (const [row, problem] of [...problems].sort(([a], [b]) => a - b)) {
    bad.add(rowError(from, group.start + row, problem).message);
  }
}

function problemOf(
  source: Source,
  value: unknown,
  shapes: Map<Source, readonly number[]>,
): RowProblem | undefined {
  const { vocabulary, place } = source;
  // The usual, at once.
  if (
    typeof value === 'number' &&
    vocabulary === undefined &&
    Number.isFinite(Math.fround(value))
  ) {
    const shape = shapes.get(source);
    if (shape?.length === 1 && shape[0] === 1) return undefined;
  }
  try {
    if (vocabulary?.isOpen === true) {
      if (wordOf(value, place) === '') throw new RowProblem('must be a word, it is empty', place);
      return undefined;
    }
    const given = ArrayBuffer.isView(value) ? [...(value as Float32Array)] : value;
    const shape = vocabulary === undefined ? (shapes.get(source) ?? shapeOf(given, place)) : [1];
    const size = shape.reduce((product, dimension) => product * dimension, 1);
    const target = { cells: new Float32Array(size), shape, place };
    writeValue(source, target, { value: given, cell: 0 });
    shapes.set(source, shape);
    return undefined;
  } catch (error) {
    if (error instanceof RowProblem) return error;
    throw error;
  }
}
