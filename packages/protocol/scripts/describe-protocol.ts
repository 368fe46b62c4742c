/** Writes the generated part of docs/protocol.md: `npm run describe --workspace @paceline/protocol`. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { describeProtocol } from '../src/describe.ts';

const path = join(import.meta.dirname, '../../../docs/protocol.md');
const generated = /(<!-- generated: start -->\n)[^]*(<!-- generated: end -->)/;

const text = readFileSync(path, 'utf8');
writeFileSync(
  path,
  text.replace(
    generated,
    (_all, start: string, end: string) => `${start}\n${describeProtocol()}\n${end}`,
  ),
);
