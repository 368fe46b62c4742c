import { styleText } from 'node:util';

import type { Palette } from 'paceline/programs';

/** The colours of a stream: none where it is no terminal, or where NO_COLOR asks for none. */
export function createPalette(stream: NodeJS.WriteStream): Palette {
  const style =
    (format: Parameters<typeof styleText>[0]) =>
    (text: string): string =>
      styleText(format, text, { stream, validateStream: true });
  return {
    strong: style('bold'),
    faint: style('dim'),
    good: style('green'),
    bad: style('red'),
  };
}
