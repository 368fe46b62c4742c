/** Lines of JSON as examples. */
import { assembleArray } from '../cells/assemble.ts';
import type { ArrayPlan } from '../cells/assemble.ts';
import { codeAt, createVocabularies } from '../cells/vocabulary.ts';
import type { Vocabulary } from '../cells/vocabulary.ts';
import type { LabelForm } from '../dataset.ts';
import type { LearningFormat } from '../rows/row-format.ts';
import { RowProblem, shown } from '../rows/row-problem.ts';
import { messageOf } from '../../errors.ts';
import { shapeOf, writeNested } from './nested.ts';

/** A field or several, each dotted; or those of several inputs or outputs by name. */
export type JsonFields =
  string | readonly string[] | Readonly<Record<string, string | readonly string[]>>;

/** How the lines are read. */
export interface JsonFormatSettings {
  readonly fields: { readonly x: JsonFields; readonly y: JsonFields };
  readonly categories: Readonly<Record<string, 'found' | readonly string[]>>;
}

interface Source {
  readonly field: string;
  readonly place: string;
  readonly vocabulary: Vocabulary | undefined;
}

/** Where the values of each source are among the cells; made from the first good line. */
interface Places {
  readonly shapes: readonly (readonly number[])[];
  readonly at: readonly number[];
  readonly cells: Float32Array;
}

/** Cells for each field of x and y, of the shape that it has in the first line. */
export function createJsonFormat(settings: JsonFormatSettings, labels: LabelForm): LearningFormat {
  const vocabularies = createVocabularies(settings.categories);
  const sources: Source[] = [];
  const namesOf = (side: JsonFields) =>
    namedFields(side).map(([name, fields]) => {
      const first = sources.length;
      sources.push(...fields.map((field) => sourceOf(field, vocabularies)));
      return { name, sources: fields.map((_, i) => first + i) };
    });
  const [x, y] = [namesOf(settings.fields.x), namesOf(settings.fields.y)];
  let places: Places | undefined;
  const plansOf = (arrays: typeof x, words: LabelForm): readonly ArrayPlan[] =>
    arrays.map(({ name, sources: indices }) => ({
      name,
      words,
      ranges: indices.map((i) => ({
        at: places?.at[i] ?? 0,
        shape: places?.shapes[i] ?? [],
        vocabulary: sources[i]?.vocabulary,
      })),
    }));
  return {
    limits: {},
    hasHeader: false,
    readHeader() {
      throw new Error('lines of JSON have no header');
    },
    parse(row) {
      const values = sources.map(valueIn(parseObject(row)));
      const known = places ?? placesOf(values, sources);
      writeValues(values, sources, known);
      places = known;
      return known.cells;
    },
    assemble(values, rows) {
      const all = { values, width: places?.cells.length ?? 0, rows };
      const arrays = (plans: readonly ArrayPlan[]) => plans.map((plan) => assembleArray(plan, all));
      return { x: arrays(plansOf(x, 'oneHot')), y: arrays(plansOf(y, labels)) };
    },
    closeVocabularies() {
      for (const vocabulary of vocabularies.values()) vocabulary.close();
    },
  };
}

function sourceOf(field: string, vocabularies: ReadonlyMap<string, Vocabulary>): Source {
  return { field, place: `field ${shown(field)}`, vocabulary: vocabularies.get(field) };
}

function namedFields(side: JsonFields): readonly (readonly [string, readonly string[]])[] {
  if (typeof side === 'string') return [['', [side]]];
  if (isList(side)) return [['', side]];
  return Object.entries(side).map(([name, fields]) => [name, [fields].flat()]);
}

function isList(side: JsonFields): side is readonly string[] {
  return Array.isArray(side);
}

function parseObject(row: Buffer): object {
  const text = row.toString('utf8');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw syntaxProblem(messageOf(error), text);
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw new RowProblem(`must be an object, got ${shown(text)}`);
}

/** The engine says the place of most errors in its message only, and of some not at all. */
function syntaxProblem(message: string, text: string): RowProblem {
  const position = message.includes('end of JSON')
    ? text.length
    : /position (\d+)/.exec(message)?.[1];
  const reason = message.replace(/ in JSON at position .*$/s, '');
  const place = position === undefined ? undefined : `column ${String(Number(position) + 1)}`;
  return new RowProblem(`no JSON: ${reason}`, place);
}

/** The value of a field: by its whole name, or else along its dots. */
function valueIn(object: object): (source: Source) => unknown {
  return ({ field, place }) => {
    if (Object.hasOwn(object, field)) return Reflect.get(object, field) as unknown;
    let value: unknown = object;
    for (const name of field.split('.')) {
      if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) {
        throw new RowProblem('is not there', place);
      }
      value = Reflect.get(value, name);
    }
    return value;
  };
}

function placesOf(values: readonly unknown[], sources: readonly Source[]): Places {
  const shapes = values.map((value, i) =>
    sources[i]?.vocabulary === undefined ? shapeOf(value, sources[i]?.place ?? '') : [1],
  );
  let length = 0;
  const at = shapes.map((shape) => {
    const place = length;
    length += shape.reduce((product, dimension) => product * dimension, 1);
    return place;
  });
  return { shapes, at, cells: new Float32Array(length) };
}

/** Words that are found are looked up at the very end: no word of a bad line is learned. */
function writeValues(values: readonly unknown[], sources: readonly Source[], places: Places): void {
  const { cells, shapes, at } = places;
  const found: (() => void)[] = [];
  sources.forEach(({ place, vocabulary }, i) => {
    const [value, start] = [values[i], at[i] ?? 0];
    if (vocabulary === undefined) {
      writeNested({ cells, shape: shapes[i] ?? [], place }, value, start);
      return;
    }
    const word = wordOf(value, place);
    const look = (): void => {
      cells[start] = codeAt(place, word, vocabulary);
    };
    if (vocabulary.isOpen && word !== '') found.push(look);
    else look();
  });
  for (const look of found) look();
}

/** A number or a truth value may be a word too: the classes of a label. */
function wordOf(value: unknown, place: string): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new RowProblem(`must be a word, got ${shown(JSON.stringify(value))}`, place);
}
