/** Lines of JSON as examples. */
import { assembleAll, createSources, placesOf, wordOf } from '../cells/sources.ts';
import type { FieldsByName, Places, Source } from '../cells/sources.ts';
import { codeAt } from '../cells/vocabulary.ts';
import type { LabelForm, NamedArray } from '../dataset.ts';
import { createChecks } from '../filter/where.ts';
import type { Where } from '../filter/where.ts';
import type { RowFormat } from '../rows/row-format.ts';
import { RowProblem, shown } from '../rows/row-problem.ts';
import { messageOf } from '../../errors.ts';
import { writeNested } from '../cells/nested.ts';

/** How the lines are read. */
export interface JsonFormatSettings {
  readonly fields: { readonly x: FieldsByName; readonly y: FieldsByName };
  readonly categories: Readonly<Record<string, 'found' | readonly string[]>>;
  readonly where?: Where | undefined;
}

/** Cells for each field of x and y, of the shape that it has in the first line. */
export function createJsonFormat(settings: JsonFormatSettings, labels: LabelForm): RowFormat {
  const { vocabularies, sources, x, y } = createSources(
    settings.fields,
    settings.categories,
    (field) => `field ${shown(field)}`,
  );
  const checks = [...createChecks(settings.where)];
  let places: Places | undefined;
  let cells = new Float32Array();
  return {
    limits: {},
    hasHeader: false,
    readHeader() {
      throw new Error('lines of JSON have no header');
    },
    parse(row) {
      const object = parseObject(row);
      if (!checks.every(([field, check]) => check(lookUp(object, field)))) return undefined;
      const values = sources.map(valueIn(object));
      const known = places ?? placesOf(values, sources);
      if (cells.length !== known.width) cells = new Float32Array(known.width);
      writeValues({ values, sources, places: known, cells });
      places = known;
      return cells;
    },
    assemble(values, rows) {
      const all = { values, width: places?.width ?? 0, rows };
      const arrays = (side: typeof x, words: LabelForm): readonly NamedArray[] =>
        places === undefined ? [] : assembleAll({ arrays: side, sources, places, words }, all);
      return { x: arrays(x, 'oneHot'), y: arrays(y, labels) };
    },
    closeVocabularies() {
      for (const vocabulary of vocabularies.values()) vocabulary.close();
    },
  };
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
    const value = lookUp(object, field);
    if (value === undefined) throw new RowProblem('is not there', place);
    return value;
  };
}

function lookUp(object: object, field: string): unknown {
  if (Object.hasOwn(object, field)) return Reflect.get(object, field);
  let value: unknown = object;
  for (const name of field.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) {
      return undefined;
    }
    value = Reflect.get(value, name);
  }
  return value;
}

/** Words that are found are looked up at the very end: no word of a bad line is learned. */
function writeValues(o: {
  readonly values: readonly unknown[];
  readonly sources: readonly Source[];
  readonly places: Places;
  readonly cells: Float32Array;
}): void {
  const { values, places, cells } = o;
  const found: (() => void)[] = [];
  o.sources.forEach((source, i) => {
    const { place, vocabulary } = source;
    const [value, start] = [values[i], places.at[i] ?? 0];
    if (vocabulary === undefined) {
      writeNested({ cells, shape: places.shapes[i] ?? [], place }, value, start);
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
