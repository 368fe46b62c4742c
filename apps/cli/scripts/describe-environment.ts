/** Writes the generated part of docs/environment.md: `npm run describe --workspace @paceline/cli`. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { describeEnvironment } from '../src/render/environment.ts';

const path = join(import.meta.dirname, '../../../docs/environment.md');
const generated = /(<!-- generated: start -->\n)[^]*(<!-- generated: end -->)/;

const text = readFileSync(path, 'utf8');
writeFileSync(
  path,
  text.replace(
    generated,
    (_all, start: string, end: string) => `${start}\n${describeEnvironment()}\n\n${end}`,
  ),
);
