import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const part = /(<!-- generated: start -->\n)([^]*)(<!-- generated: end -->)/;

const pathOf = (name: string): string => join(import.meta.dirname, '../../docs', name);

/** The generated part of a file of `docs`, for a test to hold against what would be generated now. */
export const readGenerated = (name: string): string | undefined =>
  part.exec(readFileSync(pathOf(name), 'utf8'))?.[2]?.trim();

/** Replaces it: what `npm run describe` of a package does. */
export const writeGenerated = (name: string, text: string): void => {
  const before = readFileSync(pathOf(name), 'utf8');
  const replace = (_all: string, start: string, _old: string, end: string): string =>
    `${start}\n${text.trim()}\n\n${end}`;
  writeFileSync(pathOf(name), before.replace(part, replace));
};
