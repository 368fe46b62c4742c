import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeMessage, describeProtocol } from '@paceline/protocol';
import { describe, expect, it } from 'vitest';

import { readGenerated } from '../../../test/support/generated-part.ts';
import { floatBytes, hex } from './support/samples.ts';

const document = readFileSync(join(import.meta.dirname, '../../../docs/protocol.md'), 'utf8');

describe('docs/protocol.md', () => {
  it('has the tables as they are generated (else: npm run describe in this package)', () => {
    expect(readGenerated('protocol.md')).toBe(describeProtocol().trim());
  });

  it('shows a frame that decodes to what it says', () => {
    const dump = /```hex\n([^]*?)```/.exec(document)?.[1] ?? '';
    const bytes = [...dump.matchAll(/^(?:[0-9a-f]{2} +)+/gm)].map(([line]) => line).join('');
    expect(decodeMessage(hex(bytes), 'worker')).toEqual({
      kind: 'node',
      term: 1,
      step: 300,
      level: 0,
      index: 5,
      bucket: 2,
      dtype: 'f32',
      length: 2,
      payload: floatBytes(1, -2),
    });
  });
});
