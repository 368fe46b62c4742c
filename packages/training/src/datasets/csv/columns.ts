/** Which columns of a CSV file the settings mean. */
import { RowProblem, shown } from '../rows/row-problem.ts';

/** A column by its name in the header, or by its number, from 1. */
export type CsvColumn = string | number;

/** Columns from one to another, both included. */
export interface CsvColumnRange {
  readonly from: CsvColumn;
  readonly to: CsvColumn;
}

/** Columns of one input or output. */
export type CsvColumns = readonly (CsvColumn | CsvColumnRange)[];

/** The columns of a file: their number, and their names where there is a header. */
export interface CsvHeader {
  readonly count: number;
  readonly names: readonly string[] | undefined;
}

/** Places of columns, from 0, in the order of the settings. @throws {RowProblem} for one that is not there. */
export function resolveColumns(columns: CsvColumns, header: CsvHeader): readonly number[] {
  return columns.flatMap((column) => {
    if (typeof column !== 'object') return [resolveColumn(column, header)];
    const [from, to] = [resolveColumn(column.from, header), resolveColumn(column.to, header)];
    if (from > to) {
      const names = `${columnLabel(from, header)} to ${columnLabel(to, header)}`;
      throw new RowProblem(`columns from ${names} go backwards`);
    }
    return Array.from({ length: to - from + 1 }, (_, i) => from + i);
  });
}

/** The place of one column, from 0. @throws {RowProblem} for one that is not there, or twice. */
export function resolveColumn(column: CsvColumn, { count, names }: CsvHeader): number {
  if (typeof column === 'number') {
    if (column <= count) return column - 1;
    throw new RowProblem(`there is no column ${String(column)}: there are ${String(count)}`);
  }
  const wanted = JSON.stringify(column);
  if (names === undefined) {
    throw new RowProblem(
      `column ${wanted} has a name, but the file has no header: give its number`,
    );
  }
  const place = names.indexOf(column);
  if (place === -1) {
    throw new RowProblem(`there is no column ${wanted} in the header; it has ${namesOf(names)}`);
  }
  if (names.includes(column, place + 1)) {
    throw new RowProblem(`the header has ${wanted} twice: give the number of the column`);
  }
  return place;
}

/** As messages name a column: `column 3 ("age")`. */
export function columnLabel(place: number, { names }: CsvHeader): string {
  const name = names?.[place];
  return `column ${String(place + 1)}${name === undefined ? '' : ` (${shown(name)})`}`;
}

function namesOf(names: readonly string[]): string {
  const first = names.slice(0, 12).map(shown).join(', ');
  return names.length > 12 ? `${first}, ... (${String(names.length)} columns)` : first;
}
