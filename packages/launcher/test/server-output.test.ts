import { describe, expect, it } from 'vitest';

import { readEventLine, startedAddress } from '../src/server-output.ts';

describe('the output of a server', () => {
  it('is an event only when it is a JSON object with a type', () => {
    expect(readEventLine('{"type":"step","step":1}')).toEqual({ type: 'step', step: 1 });
    for (const line of ['hello', '{"a":1}', '{"type":1}', '{broken', '[1]', 'null']) {
      expect(readEventLine(line)).toBeUndefined();
    }
  });

  it('says the address in the started event, and in no other', () => {
    const started = readEventLine(
      '{"type":"server","event":"started","url":"ws://x:1","address":"0.0.0.0:1"}',
    );
    const stopped = readEventLine('{"type":"server","event":"stopped","address":"0.0.0.0:1"}');
    expect(started && startedAddress(started)).toBe('0.0.0.0:1');
    expect(stopped && startedAddress(stopped)).toBeUndefined();
  });
});
