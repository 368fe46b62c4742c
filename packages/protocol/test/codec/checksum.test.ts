import { crc32 } from 'node:zlib';
import {
  checksumBytes,
  decodeMessage,
  encodeMessage,
  encodeTensorMessage,
  ProtocolError,
  withChecksum,
  writeChecksum,
} from '@paceline/protocol';
import { decode } from '@msgpack/msgpack';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { floatBytes } from '../support/samples.ts';

const lease = { kind: 'lease', fromStep: 300, first: 0, end: 8 } as const;
const snapshot = { kind: 'snapshot', version: 7, bucket: 2, dtype: 'f32', length: 3 } as const;
const payload = floatBytes(1, -2, 0.5);

describe('a checksum', () => {
  it('is the last element of the message, CRC-32 of all bytes before it', () => {
    const frame = withChecksum(encodeMessage(lease));
    const [code, header, sum] = decode(frame) as [number, object, number];
    expect([code, header]).toEqual([19, { fromStep: 300, first: 0, end: 8 }]);
    expect(sum).toBe(crc32(frame.subarray(0, -checksumBytes)));
    expect(decodeMessage(frame, 'server')).toEqual(lease);
  });

  it('stands behind the payload of a tensor message, in the same memory', () => {
    const frame = encodeTensorMessage(snapshot, payload, { checksum: true });
    expect(decode(frame)).toEqual([
      18,
      { version: 7, bucket: 2, dtype: 'f32', length: 3 },
      payload,
      crc32(frame.subarray(0, -checksumBytes)),
    ]);
    expect(decodeMessage(frame, 'server')).toMatchObject({ ...snapshot, payload });
  });

  it('is written over shared memory, behind the frame and nowhere else', () => {
    const plain = encodeMessage(lease);
    const area = new Uint8Array(new SharedArrayBuffer(plain.length + 20)).fill(0xee);
    area.set(plain, 8);
    expect(writeChecksum(area, 8, 8 + plain.length)).toBe(8 + plain.length + 5);
    expect(area.slice(8, 13 + plain.length)).toEqual(withChecksum(plain));
    expect([...area.slice(0, 8), ...area.slice(13 + plain.length)]).toEqual(Array(15).fill(0xee));
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
