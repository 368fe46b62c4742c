/** The fields of a row of CSV (RFC 4180). */
import { RowProblem, shown } from '../rows/row-problem.ts';

/**
 * A field in quotes may hold the delimiter, newlines, and quotes that are doubled; spaces belong to a field.
 * @throws {RowProblem} for a quote inside a field without quotes, behind the end of a field with them, or never closed.
 */
export function splitFields(row: string, delimiter: string): readonly string[] {
  if (!row.includes('"')) return row.split(delimiter);
  const fields: string[] = [];
  let at = 0;
  while (at <= row.length) {
    const { text, end } =
      row[at] === '"' ? quotedField(row, at, fields.length) : plainField(row, at, delimiter);
    if (row[at] !== '"' && text.includes('"')) {
      throw new RowProblem(`a quote within a field without quotes, ${shown(text)}`, place(fields));
    }
    if (end < row.length && row[end] !== delimiter) {
      throw new RowProblem(`${shown(row.slice(end))} behind the quote that ends it`, place(fields));
    }
    fields.push(text);
    at = end + 1;
  }
  return fields;
}

interface Field {
  readonly text: string;
  /** Place of what follows it. */
  readonly end: number;
}

function plainField(row: string, start: number, delimiter: string): Field {
  const found = row.indexOf(delimiter, start);
  const end = found === -1 ? row.length : found;
  return { text: row.slice(start, end), end };
}

function quotedField(row: string, start: number, before: number): Field {
  let text = '';
  let at = start + 1;
  for (;;) {
    const quote = row.indexOf('"', at);
    if (quote === -1) throw new RowProblem('a quote is not closed', `column ${String(before + 1)}`);
    text += row.slice(at, quote);
    if (row[quote + 1] !== '"') return { text, end: quote + 1 };
    text += '"';
    at = quote + 2;
  }
}

function place(fields: readonly string[]): string {
  return `column ${String(fields.length + 1)}`;
}
