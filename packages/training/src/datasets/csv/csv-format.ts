/** Rows of CSV as examples. */
import { assembleArray } from '../cells/assemble.ts';
import type { ArrayPlan } from '../cells/assemble.ts';
import { parseNumber } from '../cells/number.ts';
import { codeAt, createVocabularies } from '../cells/vocabulary.ts';
import type { Vocabulary } from '../cells/vocabulary.ts';
import type { LabelForm } from '../dataset.ts';
import { createChecks } from '../filter/where.ts';
import type { Check, Where } from '../filter/where.ts';
import type { RowFormat } from '../rows/row-format.ts';
import { RowProblem } from '../rows/row-problem.ts';
import { columnLabel, resolveColumn, resolveColumns } from './columns.ts';
import type { CsvColumns, CsvHeader } from './columns.ts';
import { splitFields } from './split-fields.ts';

/** Columns of one input or output, or of several by name. */
export type CsvColumnsByName = CsvColumns | Readonly<Record<string, CsvColumns>>;

/** How the rows are read. */
export interface CsvFormatSettings {
  readonly delimiter: string;
  readonly header: boolean;
  readonly columns: { readonly x: CsvColumnsByName; readonly y: CsvColumnsByName };
  readonly categories: Readonly<Record<string, 'found' | readonly string[]>>;
  readonly where?: Where | undefined;
}

/** A column of the file that is used. */
interface Source {
  /** Its place among the fields. */
  readonly field: number;
  readonly vocabulary: Vocabulary | undefined;
}

interface Plan {
  readonly header: CsvHeader;
  readonly sources: readonly Source[];
  /** What must hold of fields, by their places. */
  readonly checks: readonly (readonly [number, Check])[];
  readonly x: readonly ArrayPlan[];
  readonly y: readonly ArrayPlan[];
}

/** A cell for each column of x and y; `labels` is how the loss wants words of y. */
export function createCsvFormat(settings: CsvFormatSettings, labels: LabelForm): RowFormat {
  const vocabularies = createVocabularies(settings.categories);
  let plan: Plan | undefined;
  let cells = new Float32Array();
  const learn = (header: CsvHeader): Plan => {
    const made = createPlan(settings, { header, vocabularies, labels });
    cells = new Float32Array(made.sources.length);
    return made;
  };
  const split = (row: Buffer): readonly string[] =>
    splitFields(row.toString('utf8'), settings.delimiter);
  return {
    limits: { quote: { byte: 0x22, delimiter: settings.delimiter.charCodeAt(0) } },
    hasHeader: settings.header,
    readHeader(row) {
      const names = split(row).map((name) => name.trim());
      if (plan !== undefined) checkSameHeader(plan.header.names ?? [], names);
      plan ??= learn({ count: names.length, names });
    },
    parse(row) {
      const fields = split(row);
      plan ??= learn({ count: fields.length, names: undefined });
      checkCount(fields, plan.header);
      if (!plan.checks.every(([field, check]) => check(fields[field]))) return undefined;
      parseFields(fields, plan, cells);
      return cells;
    },
    assemble(values, rows) {
      const all = { values, width: cells.length, rows };
      const arrays = (plans: readonly ArrayPlan[] = []) =>
        plans.map((each) => assembleArray(each, all));
      return { x: arrays(plan?.x), y: arrays(plan?.y) };
    },
    closeVocabularies() {
      for (const vocabulary of vocabularies.values()) vocabulary.close();
    },
  };
}

function createPlan(
  settings: CsvFormatSettings,
  o: {
    readonly header: CsvHeader;
    readonly vocabularies: ReadonlyMap<string, Vocabulary>;
    readonly labels: LabelForm;
  },
): Plan {
  const { header } = o;
  const byField = new Map<number, Vocabulary>();
  // A file without header has only numbers to name a column by.
  const placeOf = (column: string): number =>
    resolveColumn(header.names === undefined ? Number(column) : column, header);
  for (const [column, vocabulary] of o.vocabularies) byField.set(placeOf(column), vocabulary);
  const checks = [...createChecks(settings.where)].map(
    ([column, check]) => [placeOf(column), check] as const,
  );
  const sources: Source[] = [];
  const plansOf = (side: CsvColumnsByName, words: LabelForm): readonly ArrayPlan[] =>
    namedColumns(side).map(([name, columns]) => {
      const fields = resolveColumns(columns, header);
      const ranges = fields.map((field, i) => ({
        at: sources.length + i,
        shape: [1],
        vocabulary: byField.get(field),
      }));
      sources.push(...fields.map((field) => ({ field, vocabulary: byField.get(field) })));
      return { name, ranges, words };
    });
  const x = plansOf(settings.columns.x, 'oneHot');
  const y = plansOf(settings.columns.y, o.labels);
  return { header, sources, checks, x, y };
}

function namedColumns(side: CsvColumnsByName): readonly (readonly [string, CsvColumns])[] {
  return isList(side) ? [['', side]] : Object.entries(side);
}

function isList(side: CsvColumnsByName): side is CsvColumns {
  return Array.isArray(side);
}

function checkCount(fields: readonly string[], { count }: CsvHeader): void {
  if (fields.length === count) return;
  throw new RowProblem(`${String(fields.length)} fields, expected ${String(count)}`);
}

/** Words are looked up last, those that are found at the very end: no word of a bad row is learned. */
function parseFields(
  fields: readonly string[],
  { header, sources }: Plan,
  cells: Float32Array,
): void {
  const found: number[] = [];
  sources.forEach(({ field, vocabulary }, i) => {
    const text = fields[field] ?? '';
    if (vocabulary === undefined) cells[i] = parseNumber(text, () => columnLabel(field, header));
    else if (vocabulary.isOpen && text !== '') found.push(i);
    else cells[i] = codeAt(columnLabel(field, header), text, vocabulary);
  });
  for (const i of found) {
    const { field = 0, vocabulary } = sources[i] ?? {};
    if (vocabulary !== undefined) {
      cells[i] = codeAt(columnLabel(field, header), fields[field] ?? '', vocabulary);
    }
  }
}

function checkSameHeader(expected: readonly string[], names: readonly string[]): void {
  const place = expected.findIndex((name, i) => name !== names[i]);
  if (place === -1 && expected.length === names.length) return;
  const at = place === -1 ? expected.length : place;
  const [was, is] = [expected[at], names[at]].map((name) =>
    name === undefined ? 'none' : shownName(name),
  );
  const words = `the header differs from that of the first file: ${is ?? ''}, expected ${was ?? ''}`;
  throw new RowProblem(words, `column ${String(at + 1)}`);
}

function shownName(name: string): string {
  return JSON.stringify(name);
}
