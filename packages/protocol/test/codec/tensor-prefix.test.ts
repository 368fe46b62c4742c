import { decode } from '@msgpack/msgpack';
import {
  decodeMessage,
  encodeMessage,
  encodeTensorMessage,
  peekTensor,
  tensorHeadroomBytes,
  writeTensorPrefix,
} from '@paceline/protocol';
import type { HeaderOfKind } from '@paceline/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { floatBytes, hex } from '../support/samples.ts';

const header: HeaderOfKind<'node'> = {
  kind: 'node',
  term: 1,
  step: 300,
  level: 0,
  index: 5,
  bucket: 70_000,
  dtype: 'f32',
  length: 2,
};

describe('the prefix of a tensor message', () => {
  it('is these bytes, in front of the numbers', () => {
    expect(encodeTensorMessage(header, floatBytes(1, -2))).toEqual(
      hex(`93 04 87
           a4 7465726d     01
           a4 73746570     cd 012c
           a5 6c6576656c   00
           a5 696e646578   05
           a6 6275636b6574 ce 00011170
           a5 6474797065   a3 663332
           a6 6c656e677468 02
           c6 00000008
           0000803f 000000c0`),
    );
  });

  it('ends where the numbers begin, and touches nothing else', () => {
    const area = new Uint8Array(new SharedArrayBuffer(512)).fill(0xee);
    const { start } = writeTensorPrefix(area, 256, { header });
    expect(area.subarray(256).every((byte) => byte === 0xee)).toBe(true);
    expect(area.subarray(0, start).every((byte) => byte === 0xee)).toBe(true);
    // Heads of array, code and map; names; numbers and dtype; head of the payload.
    expect(start).toBe(256 - (3 + 42 + 16 + 5));
    area.set(floatBytes(1, -2), 256);
    const { kind, ...fields } = header;
    const message = decodeMessage(area.subarray(start, 264), 'worker');
    expect(message).toMatchObject({ kind, ...fields });
  });

  it('fits the headroom with the largest numbers there are', () => {
    const most = Number.MAX_SAFE_INTEGER;
    const largest = { ...header, term: most, step: most, level: most, index: most, bucket: most };
    const area = new Uint8Array(tensorHeadroomBytes);
    const longest = { ...largest, length: 2 ** 30 - 1 };
    const { start } = writeTensorPrefix(area, area.length, { header: longest, checksum: true });
    expect(start).toBeGreaterThanOrEqual(0);
    expect(area.slice(-5)).toEqual(hex('c6 fffffffc'));
  });

  it('holds every number exactly, as another library reads it', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), fc.maxSafeNat(), (version, bucket) => {
        const snapshot = { kind: 'snapshot', version, bucket, dtype: 'f32', length: 1 } as const;
        const frame = encodeTensorMessage(snapshot, floatBytes(7));
        expect(decode(frame, { useBigInt64: false })).toEqual([
          18,
          { version, bucket, dtype: 'f32', length: 1 },
          floatBytes(7),
        ]);
        expect(decodeMessage(frame, 'server')).toMatchObject(snapshot);
      }),
    );
  });
});

describe('the first bytes of a tensor message', () => {
  const frame = encodeTensorMessage(header, floatBytes(1, -2));

  it('say all but the numbers, and where those start', () => {
    const head = peekTensor(frame.subarray(0, frame.length - 8));
    expect(head).toEqual({ header, dataOffset: frame.length - 8 });
    expect(peekTensor(frame)).toEqual(head);
  });

  it('say nothing when they are too few, of something else, sealed, or no frame at all', () => {
    for (let length = 0; length < frame.length - 8; length += 1) {
      expect(peekTensor(frame.subarray(0, length))).toBeUndefined();
    }
    expect(peekTensor(encodeMessage({ kind: 'goodbye', reason: 'done' }))).toBeUndefined();
    const sealed = encodeTensorMessage(header, floatBytes(1, -2), { checksum: true });
    expect(peekTensor(sealed)).toBeUndefined();
    const wrong = encodeTensorMessage({ ...header, level: -1 }, floatBytes(1, -2));
    expect(peekTensor(wrong)).toBeUndefined();
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 128 }), (bytes) => {
        expect(() => peekTensor(bytes)).not.toThrow();
      }),
    );
  });
});
