import { encode } from '@msgpack/msgpack';
import { decodeMessage, ProtocolError } from '@paceline/protocol';
import type { ProtocolErrorCode } from '@paceline/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { frameOf } from '../support/frames.ts';
import { floatBytes, hex, samples } from '../support/samples.ts';

/** What is wrong with a frame, as `code: message`. */
function refusalOf(frame: Uint8Array, from: 'worker' | 'server' = 'worker'): string {
  try {
    decodeMessage(frame, from);
  } catch (error) {
    if (error instanceof ProtocolError) return `${error.code}: ${error.message}`;
    throw error;
  }
  return 'accepted';
}

const goodbye = (header: unknown, ...rest: unknown[]): Uint8Array => encode([8, header, ...rest]);
const { kind: _kind, payload: _payload, ...nodeHeader } = samples.node;
const node = (change: object, payload: unknown = floatBytes(1, 2, 3)): Uint8Array =>
  encode([4, { ...nodeHeader, ...change }, payload]);

describe('a header field', () => {
  it.each([
    ['missing', goodbye({}), 'goodbye.reason: is missing; must be a text'],
    ['unknown', goodbye({ reason: 'x', why: 1 }), 'goodbye.why: unknown field'],
    ['of another type', goodbye({ reason: 7 }), 'goodbye.reason: must be a text, got 7'],
    ['null', goodbye({ reason: null }), 'goodbye.reason: must be a text, got null'],
    ['negative', node({ step: -1 }), 'node.step: must be a whole number >= 0, got -1'],
    ['fractional', node({ step: 1.5 }), 'node.step: must be a whole number >= 0, got 1.5'],
    ['of an unknown dtype', node({ dtype: 'f64' }), 'node.dtype: must be f32, got "f64"'],
  ])('is refused by name when it is %s', (_what, frame, words) => {
    expect(refusalOf(frame)).toBe(`bad-field: ${words}`);
  });

  it('is refused by its path when it is inside another', () => {
    const { kind: _, ...layout } = samples.layout;
    const frame = encode([2, { ...layout, tensors: [{ name: 'a', shape: [2.5], section: 'x' }] }]);
    expect(refusalOf(frame)).toBe(
      'bad-field: layout.tensors.0.shape.0: must be a whole number >= 0, got 2.5',
    );
    const settings = { ...samples.layout.settings, batchSize: 0 };
    expect(refusalOf(encode([2, { ...layout, settings }]))).toBe(
      'bad-field: layout.settings.batchSize: must be a whole number >= 1, got 0',
    );
  });
});

describe('a payload', () => {
  it.each([
    ['missing', encode([4, nodeHeader]), 'node needs a payload'],
    ['too short', node({}, floatBytes(1, 2)), 'node: 3 numbers of f32 are 12 bytes, got 8'],
    ['too long', node({ length: 2 }), 'node: 2 numbers of f32 are 8 bytes, got 12'],
    ['a text', node({}, 'twelve bytes'), 'a payload is binary'],
    ['not expected', goodbye({ reason: '' }, floatBytes()), 'goodbye takes no payload'],
    [
      'declared of a length beyond memory',
      node({ length: 2 ** 52 }),
      'node: 4503599627370496 numbers of f32 are 18014398509481984 bytes, got 12',
    ],
  ])('is refused when it is %s', (_what, frame, words) => {
    expect(refusalOf(frame)).toBe(`bad-payload: ${words}`);
  });
});

describe('a frame', () => {
  const reason = 'a6 726561736f6e';

  it.each<readonly [string, string, ProtocolErrorCode]>([
    ['empty', '', 'malformed'],
    ['no array', '08', 'malformed'],
    ['an array of one', '91 08', 'malformed'],
    ['an array of four', '94 08 80 c0 c0', 'malformed'],
    ['a code that is a text', '92 a1 61 80', 'malformed'],
    ['a negative code', '92 ff 80', 'malformed'],
    ['an unknown code', '92 7f 80', 'unknown-kind'],
    ['a header that is an array', '92 08 90', 'malformed'],
    ['cut in the header', `92 08 81 ${reason}`, 'malformed'],
    ['cut in a text', `92 08 81 ${reason} a5 61`, 'malformed'],
    ['followed by a byte', `92 08 81 ${reason} a1 61 00`, 'malformed'],
    ['a map that claims 2^32 - 1 entries', '92 08 df ffffffff', 'malformed'],
    ['an array that claims 2^32 - 1 items', `92 08 81 ${reason} dd ffffffff`, 'malformed'],
    ['a text that claims 4 GB', `92 08 81 ${reason} db ffffffff 61`, 'malformed'],
    ['a payload that claims 4 GB', '93 04 80 c6 ffffffff 00', 'malformed'],
    ['a key that is a number', '92 08 81 01 a1 61', 'malformed'],
    ['the key __proto__', `92 08 82 ${reason} a1 61 a9 5f5f70726f746f5f5f 80`, 'malformed'],
    ['the key __proto__ within', `92 08 81 ${reason} 81 d9 09 5f5f70726f746f5f5f 80`, 'malformed'],
    ['binary in a header', `92 08 81 ${reason} c4 01 61`, 'malformed'],
    ['an extension', `92 08 81 ${reason} d6 ff 00000000`, 'malformed'],
    ['the type that is never used', `92 08 81 ${reason} c1`, 'malformed'],
    ['infinite', `92 08 81 ${reason} ca 7f800000`, 'malformed'],
    ['not a number', `92 08 81 ${reason} cb 7ff8000000000000`, 'malformed'],
    ['beyond 2^53', `92 08 81 ${reason} cf 0020000000000001`, 'malformed'],
    ['beyond -2^53', `92 08 81 ${reason} d3 8000000000000000`, 'malformed'],
    ['broken UTF-8', `92 08 81 ${reason} a1 ff`, 'malformed'],
    ['overlong UTF-8', `92 08 81 ${reason} a2 c1 9f`, 'malformed'],
    ['half a surrogate pair', `92 08 81 ${reason} a3 ed a0 bd`, 'malformed'],
    ['a header with one key twice', `92 08 82 ${reason} a1 61 ${reason} a1 62`, 'malformed'],
    ['a map within with one key twice', `92 08 81 ${reason} 82 a1 61 01 a1 61 02`, 'malformed'],
    [
      'a megabyte of empty maps',
      `92 08 81 ${reason} dd 00100000 ${'80'.repeat(2 ** 20)}`,
      'too-many-values',
    ],
    [
      'a map of 2049 entries',
      `92 08 81 ${reason} de 0801 ${'a16101'.repeat(2049)}`,
      'too-many-values',
    ],
    ['64 arrays deep', `92 08 81 ${reason} ${'91'.repeat(64)} c0`, 'too-deep'],
    ['a million arrays deep', `92 08 81 ${reason} ${'91'.repeat(1_000_000)} c0`, 'too-deep'],
  ])('is refused when it is %s', (_what, bytes, code) => {
    expect(() => decodeMessage(hex(bytes), 'worker')).toThrow(expect.objectContaining({ code }));
  });

  it('allocates nothing by a length on the wire', () => {
    const before = process.memoryUsage();
    for (let i = 0; i < 1000; i++) refusalOf(hex('92 08 df 0fffffff'));
    const after = process.memoryUsage();
    expect(after.heapTotal + after.external - before.heapTotal - before.external).toBeLessThan(2e8);
  });

  it('makes no list of what is wrong with each of a million items', () => {
    const { kind: _, ...layout } = samples.layout;
    const many = (items: number): Uint8Array =>
      encode([2, { ...layout, tensors: Array.from({ length: items }, () => 7) }]);
    expect(refusalOf(many(8_193))).toBe(
      'bad-field: layout.tensors: must have at most 8192 items, got [7,7,7,7,7,7,7,7,7,7,7,7,7,7,7,7,7,7,7,7,7,7,7,7,7,7,7,7,...',
    );
    const before = process.memoryUsage().heapTotal;
    refusalOf(many(1_000_000));
    expect(process.memoryUsage().heapTotal - before).toBeLessThan(1e8);
  });

  it('may use longer forms than needed: they are standard msgpack', () => {
    const frame = hex(`dc 0002 08 df 00000001 db 00000006 726561736f6e da 0001 61`);
    expect(decodeMessage(frame, 'worker')).toEqual({ kind: 'goodbye', reason: 'a' });
  });
});

describe('whatever bytes come', () => {
  const sides = fc.constantFrom('worker' as const, 'server' as const);

  it('nothing is thrown but a ProtocolError', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), sides, (bytes, from) => {
        expect(refusalOf(bytes, from)).not.toBe('accepted');
      }),
      { numRuns: 2000 },
    );
  });

  it('nor when real frames are damaged in one place', () => {
    const frames = Object.values(samples).map(frameOf);
    const damage = fc.record({
      frame: fc.constantFrom(...frames),
      at: fc.double({ min: 0, max: 0.999, noNaN: true }),
      byte: fc.integer({ min: 0, max: 255 }),
    });
    fc.assert(
      fc.property(damage, sides, ({ frame, at, byte }, from) => {
        const damaged = Uint8Array.from(frame);
        damaged[Math.floor(at * frame.length)] = byte;
        refusalOf(damaged, from);
      }),
      { numRuns: 5000 },
    );
  });

  it('and every cut of a real frame is refused', () => {
    for (const message of Object.values(samples)) {
      const frame = frameOf(message);
      for (let length = 0; length < Math.min(frame.length, 300); length++) {
        expect(refusalOf(frame.subarray(0, length))).not.toBe('accepted');
        expect(refusalOf(frame.subarray(0, length), 'server')).not.toBe('accepted');
      }
    }
  });

  it('nor when plain JSON comes where a message should be', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 40 }), fc.jsonValue(), sides, (code, json, from) => {
        refusalOf(encode([code, json]), from);
      }),
      { numRuns: 1000 },
    );
  });
});
