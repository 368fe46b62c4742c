import { crc32 } from 'node:zlib';

/**
 * The field that ends the header of a frame which travels over plain TCP: the CRC-32 (of zlib, RFC 1952 section 8) of the
 * whole frame, with ff ff ff ff in the place of the number itself. Networks change bits now and then, and a WebSocket does
 * not notice; a changed gradient would be a changed model.
 */
export const checksumField = 'crc';

/** Stands for the number until it is known; the longest form, so that the place is always four bytes. */
export const unknownChecksum = 0xffffffff;

const unknownBytes = new Uint8Array(4).fill(0xff);
const marker = new Uint8Array([0xa3, 0x63, 0x72, 0x63, 0xce]); // "crc", an unsigned integer of 32 bits

/** Writes the checksum into a frame whose header ends before `headerEnd` with the field, its number unknown. */
export function sealFrame(frame: Uint8Array, headerEnd: number): void {
  const place = headerEnd - unknownBytes.length;
  new DataView(frame.buffer, frame.byteOffset).setUint32(place, checksumOf(frame, place));
}

/** The checksum that a frame should have and the one that it has; undefined for a frame without the field. */
export function readChecksum(
  frame: Uint8Array,
  headerEnd: number,
): { readonly expected: number; readonly found: number } | undefined {
  const place = headerEnd - unknownBytes.length;
  const start = place - marker.length;
  if (start < 0 || !marker.every((byte, i) => frame[start + i] === byte)) return undefined;
  const found = new DataView(frame.buffer, frame.byteOffset).getUint32(place);
  return { expected: checksumOf(frame, place), found };
}

/** Whether a frame that makes no sense once had a checksum: then its bits changed on the way. */
export function looksSealed(frame: Uint8Array): boolean {
  const bytes = Buffer.from(frame.buffer, frame.byteOffset, frame.length);
  return bytes.includes(Buffer.from(marker));
}

function checksumOf(frame: Uint8Array, place: number): number {
  const before = crc32(frame.subarray(0, place));
  return crc32(frame.subarray(place + unknownBytes.length), crc32(unknownBytes, before));
}
