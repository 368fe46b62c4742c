import { plainPalette } from 'paceline/programs';
import type { Finding, Palette } from 'paceline/programs';

const subjectWidth = 10;

/** `ok    backend    tensorflow 2.21.0, ...`, and below it what to do. */
export function findingLines(finding: Finding, palette: Palette = plainPalette): readonly string[] {
  const { status, subject, text, remedy } = finding;
  const paint = { ok: palette.good, warn: palette.strong, fail: palette.bad }[status];
  const gap = ' '.repeat(6 + subjectWidth);
  const [first = '', ...rest] = text.split('\n');
  return [
    `${paint(status.padEnd(4))}  ${subject.padEnd(subjectWidth)}${first}`,
    ...rest.map((line) => `${gap}${line}`),
    ...(remedy === undefined ? [] : [`${gap}-> ${remedy}`]),
  ];
}
