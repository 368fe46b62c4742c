import { crc32 } from 'node:zlib';

/** Bytes that a checksum takes behind a frame. */
export const checksumBytes = 5;

const uint32 = 0xce;

/**
 * Ends a frame with a checksum: one more element of its array, the CRC-32 (of zlib, RFC 1952 section 8) of all bytes
 * before it. Networks change bits now and then, and a WebSocket does not notice; a changed gradient would be a changed
 * model. `area` has the frame from `start` to `end` and `checksumBytes` free bytes behind it. Gives the new end.
 */
export function writeChecksum(area: Uint8Array, start: number, end: number): number {
  area[start] = (area[start] ?? 0) + 1; // one element more: 0x92 becomes 0x93, 0x93 becomes 0x94
  const sum = crc32(area.subarray(start, end));
  area[end] = uint32;
  new DataView(area.buffer, area.byteOffset).setUint32(end + 1, sum);
  return end + checksumBytes;
}

/** A copy of a frame, with a checksum. */
export function withChecksum(frame: Uint8Array): Uint8Array {
  const area = new Uint8Array(frame.length + checksumBytes);
  area.set(frame);
  writeChecksum(area, 0, frame.length);
  return area;
}

/** Whether a frame looks as if it ended with a checksum, right or wrong. */
export function endsWithChecksum(frame: Uint8Array): boolean {
  return frame[frame.length - checksumBytes] === uint32;
}

/** Whether `sum` is the checksum of the first `end` bytes of a frame. */
export function isChecksumOf(frame: Uint8Array, end: number, sum: number): boolean {
  return crc32(frame.subarray(0, end)) === sum;
}
