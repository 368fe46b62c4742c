import { crc32 } from 'node:zlib';
import {
  decodeMessage,
  encodeMessage,
  encodeTensorMessage,
  ProtocolError,
} from '@paceline/protocol';
import { decode } from '@msgpack/msgpack';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { floatBytes, hex } from '../support/samples.ts';

const lease = { kind: 'lease', fromStep: 300, first: 0, end: 8 } as const;
const snapshot = { kind: 'snapshot', version: 7, bucket: 2, dtype: 'f32', length: 3 } as const;
const payload = floatBytes(1, -2, 0.5);

/** What the checksum must be, by the words of the protocol. */
function checksumOf(frame: Uint8Array, headerEnd: number): number {
  const blank = Uint8Array.from(frame);
  blank.fill(0xff, headerEnd - 4, headerEnd);
  return crc32(blank);
}

describe('a checksum', () => {
  it('is the last field of the header: CRC-32 of the frame with ff in its own place', () => {
    const frame = encodeMessage(lease, { checksum: true });
    expect(decode(frame)).toEqual([
      19,
      { fromStep: 300, first: 0, end: 8, crc: checksumOf(frame, frame.length) },
    ]);
    expect(Uint8Array.from(frame).slice(-9, -4)).toEqual(hex('a3 637263 ce'));
    expect(decodeMessage(frame, 'server')).toEqual(lease);
  });

  it('covers the payload too', () => {
    const frame = encodeTensorMessage(snapshot, payload, { checksum: true });
    const headerEnd = frame.length - payload.length - 5;
    const crc = checksumOf(frame, headerEnd);
    expect(decode(frame)).toEqual([
      18,
      { version: 7, bucket: 2, dtype: 'f32', length: 3, crc },
      payload,
    ]);
    expect(decodeMessage(frame, 'server')).toEqual({ ...snapshot, payload });
  });

  it('finds any bits that changed in one place', () => {
    const frame = encodeTensorMessage(snapshot, payload, { checksum: true });
    const place = fc.integer({ min: 0, max: frame.length - 1 });
    fc.assert(
      fc.property(place, fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const changed = frame.slice();
        changed[at] = (changed[at] ?? 0) ^ flip;
        expect(() => decodeMessage(changed, 'server')).toThrow(ProtocolError);
      }),
      { numRuns: 2000 },
    );
  });
});
