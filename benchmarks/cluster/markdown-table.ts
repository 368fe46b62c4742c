/** A table of Markdown as Prettier writes it: the first column to the left, the others to the right. Pure. */
export function markdownTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
): readonly string[] {
  const widths = head.map((_, column) => {
    return Math.max(3, ...[head, ...rows].map((row) => row[column]?.length ?? 0));
  });
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const pad = (cell: string, column: number): string => {
    const width = widths[column] ?? 0;
    return column === 0 ? cell.padEnd(width) : cell.padStart(width);
  };
  const rules = widths.map((width, column) => {
    return column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`;
  });
  return [line(head.map(pad)), line(rules), ...rows.map((row) => line(row.map(pad)))];
}
