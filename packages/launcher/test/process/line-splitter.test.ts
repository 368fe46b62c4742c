import { describe, expect, it } from 'vitest';

import { createLineSplitter } from '../../src/process/line-splitter.ts';

function split(chunks: readonly Uint8Array[]): readonly string[] {
  const lines: string[] = [];
  const splitter = createLineSplitter((line) => lines.push(line));
  for (const chunk of chunks) splitter.write(chunk);
  splitter.end();
  return lines;
}

describe('the line splitter', () => {
  it('gives the same lines wherever the bytes are cut, inside a character too', () => {
    const bytes = Buffer.from('größe 1\r\n\n{"a":"日本"}\nno end');
    for (let cut = 0; cut <= bytes.length; cut++) {
      expect(split([bytes.subarray(0, cut), bytes.subarray(cut)])).toEqual([
        'größe 1',
        '{"a":"日本"}',
        'no end',
      ]);
    }
  });

  it('passes a line that never ends on in pieces instead of keeping it', () => {
    const lines = split([Buffer.alloc(3 << 20, 'x')]);
    expect(lines.join('')).toHaveLength(3 << 20);
    const pieces: string[] = [];
    const splitter = createLineSplitter((line) => pieces.push(line));
    splitter.write(Buffer.alloc((1 << 20) + 1, 'x'));
    expect(pieces).toHaveLength(1);
  });
});
