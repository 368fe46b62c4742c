import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { openStoredFile } from '../../../src/datasets/files/open-file.ts';
import { scanRows } from '../../../src/datasets/rows/scan-rows.ts';
import { temporaryFiles } from '../../support/files.ts';

const { write } = temporaryFiles();
const quote = { byte: 0x22, delimiter: 0x2c };

function scan(path: string, limits = {}) {
  const file = openStoredFile(path);
  const rows: { text: string; offset: number; line: number }[] = [];
  const digest = scanRows(file, limits, ({ bytes, offset, line }) => {
    rows.push({ text: bytes.toString(), offset, line });
  });
  file.close();
  return { rows, digest };
}

describe('a pass over a file', () => {
  it('gives each row with its place and line, and the digest of all', () => {
    const path = write('rows', 'ab\n\n"c\nd"\nlast');
    expect(scan(path, { quote }).rows).toEqual([
      { text: 'ab', offset: 0, line: 1 },
      { text: '"c\nd"', offset: 4, line: 3 },
      { text: 'last', offset: 10, line: 5 },
    ]);
    expect(scan(path).digest).toBe(createHash('sha256').update(readFileSync(path)).digest('hex'));
  });

  it('finds rows across the pieces in which the file is read', () => {
    // 3 MiB in rows of 7 to 5,000 bytes, and one that is longer than two pieces.
    const texts = Array.from({ length: 1200 }, (_, i) => 'x'.repeat(7 + ((i * 1237) % 5000)));
    texts.splice(600, 0, `"${'y\n'.repeat(1_200_000)}"`);
    const path = write('long', `\ufeff${texts.join('\n')}`);
    const { rows, digest } = scan(path, { quote });
    expect(rows.map(({ text }) => text.length)).toEqual(texts.map((text) => text.length));
    const bytes = readFileSync(path);
    expect(digest).toBe(createHash('sha256').update(bytes).digest('hex'));
    const last = rows.at(-1);
    expect(bytes.subarray(last.offset).toString()).toBe(last.text);
    expect(last.line).toBe(1201 + 1_200_000);
  });

  it('does not read a row without end into memory', () => {
    const path = write('endless', `"${'z'.repeat(2 ** 26)}`);
    expect(() => scan(path, { quote })).toThrow(
      'line 1: the row does not end within 67108864 bytes',
    );
  });
});
