import { stripVTControlCharacters } from 'node:util';

/** Cuts a line that may hold colours to `columns` visible characters, so that it stays one line on the screen. */
export function fitToWidth(line: string, columns: number): string {
  const visible = stripVTControlCharacters(line);
  if (visible.length <= columns) return line;
  // A cut through colour codes would leave the terminal coloured: a line that is too long loses its colours.
  return visible.slice(0, Math.max(0, columns));
}
