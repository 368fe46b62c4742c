/** Fields or columns that hold a value of any shape, and where their values are among the cells of a row. */
import type { LabelForm, NamedArray } from '../dataset.ts';
import { RowProblem, shown } from '../rows/row-problem.ts';
import { assembleArray } from './assemble.ts';
import type { Cells } from './assemble.ts';
import { shapeOf } from './nested.ts';
import { createVocabularies } from './vocabulary.ts';
import type { Vocabulary } from './vocabulary.ts';

/** A field or several side by side; or those of several inputs or outputs by name. */
export type FieldsByName =
  string | readonly string[] | Readonly<Record<string, string | readonly string[]>>;

/** A field that is read. */
export interface Source {
  readonly field: string;
  /** As messages name it. */
  readonly place: string;
  readonly vocabulary: Vocabulary | undefined;
}

/** An input or output, and the numbers of its sources. */
export interface SourceArray {
  readonly name: string;
  readonly sources: readonly number[];
}

/** Everything that is read of a row. */
export interface Sources {
  readonly vocabularies: ReadonlyMap<string, Vocabulary>;
  readonly sources: readonly Source[];
  readonly x: readonly SourceArray[];
  readonly y: readonly SourceArray[];
}

/** The sources of x, then those of y. */
export function createSources(
  { x, y }: { readonly x: FieldsByName; readonly y: FieldsByName },
  categories: Readonly<Record<string, 'found' | readonly string[]>>,
  placeOf: (field: string) => string,
): Sources {
  const vocabularies = createVocabularies(categories);
  const sources: Source[] = [];
  const arraysOf = (side: FieldsByName): readonly SourceArray[] =>
    namedFields(side).map(([name, fields]) => {
      const first = sources.length;
      for (const field of fields) {
        sources.push({ field, place: placeOf(field), vocabulary: vocabularies.get(field) });
      }
      return { name, sources: fields.map((_, i) => first + i) };
    });
  return { vocabularies, x: arraysOf(x), y: arraysOf(y), sources };
}

/** Shape and first cell of each source, and how many cells a row has. */
export interface Places {
  readonly shapes: readonly (readonly number[])[];
  readonly at: readonly number[];
  readonly width: number;
}

/** From the values of the first row. @throws {RowProblem} for a list without numbers. */
export function placesOf(values: readonly unknown[], sources: readonly Source[]): Places {
  const shapes = sources.map(({ vocabulary, place }, i) =>
    vocabulary === undefined ? shapeOf(values[i], place) : [1],
  );
  let width = 0;
  const at = shapes.map((shape) => {
    const first = width;
    width += shape.reduce((product, dimension) => product * dimension, 1);
    return first;
  });
  return { shapes, at, width };
}

/** What arrays are made from. */
export interface AssemblyParts {
  readonly arrays: readonly SourceArray[];
  readonly sources: readonly Source[];
  readonly places: Places;
  readonly words: LabelForm;
}

/** The arrays of some rows. */
export function assembleAll(
  { arrays, sources, places, words }: AssemblyParts,
  cells: Cells,
): readonly NamedArray[] {
  return arrays.map(({ name, sources: indices }) => {
    const ranges = indices.map((i) => ({
      at: places.at[i] ?? 0,
      shape: places.shapes[i] ?? [],
      vocabulary: sources[i]?.vocabulary,
    }));
    return assembleArray({ name, ranges, words }, cells);
  });
}

/** The word of a value: a number or a truth value may be one too, as the class of a label. @throws {RowProblem} */
export function wordOf(value: unknown, place: string): string {
  if (typeof value === 'string') return value;
  if (['number', 'bigint', 'boolean'].includes(typeof value)) return String(value);
  throw new RowProblem(`must be a word, got ${shown(String(value))}`, place);
}

function namedFields(side: FieldsByName): readonly (readonly [string, readonly string[]])[] {
  if (typeof side === 'string') return [['', [side]]];
  if (isList(side)) return [['', side]];
  return Object.entries(side).map(([name, fields]) => [name, [fields].flat()]);
}

function isList(side: FieldsByName): side is readonly string[] {
  return Array.isArray(side);
}
