import { isIPv4 } from 'node:net';

/**
 * The few values of X.690 (distinguished encoding rules) that a certificate is made of. Each function gives a whole
 * value: tag, length, content.
 */
export const der = {
  sequence: (...parts: readonly Uint8Array[]): Buffer => value(0x30, ...parts),
  set: (...parts: readonly Uint8Array[]): Buffer => value(0x31, ...parts),
  /** A non-negative whole number from its bytes, the most significant first. */
  integer: (bytes: Uint8Array): Buffer =>
    value(0x02, (bytes[0] ?? 0) >= 0x80 ? Buffer.of(0) : Buffer.alloc(0), bytes),
  yes: (): Buffer => value(0x01, Buffer.of(0xff)),
  octets: (content: Uint8Array): Buffer => value(0x04, content),
  /** Bits, the first one the highest of the first byte; `unused` of the last byte do not count. */
  bits: (content: Uint8Array, unused: number = 0): Buffer =>
    value(0x03, Buffer.of(unused), content),
  text: (text: string): Buffer => value(0x0c, Buffer.from(text)),
  /** `2.5.29.15`: the first two numbers share a byte, the others have 7 bits a byte. */
  objectId: (dotted: string): Buffer => {
    const [first = 0, second = 0, ...others] = dotted.split('.').map(Number);
    return value(0x06, Buffer.from([first * 40 + second, ...others.flatMap(base128)]));
  },
  /** A moment to the second. RFC 5280 (4.1.2.5) wants two digits for years before 2050, and four from then on. */
  time: (moment: Date): Buffer => {
    const digits = `${moment.toISOString().slice(0, 19).replace(/\D/g, '')}Z`;
    const isEarly = moment.getUTCFullYear() < 2050;
    return value(isEarly ? 0x17 : 0x18, Buffer.from(isEarly ? digits.slice(2) : digits));
  },
  /** `[tag]` around whole values. */
  explicit: (tag: number, ...parts: readonly Uint8Array[]): Buffer => value(0xa0 + tag, ...parts),
  /** `[tag]` in place of a value's own tag. */
  implicit: (tag: number, content: Uint8Array): Buffer => value(0x80 + tag, content),
} as const;

/** The bytes of an IP address: 4, or 16. */
export function ipBytes(address: string): Buffer {
  if (isIPv4(address)) return Buffer.from(address.split('.').map(Number));
  const [head = [], tail = []] = address.split('::').map((part) => part.split(':').filter(Boolean));
  const gap = Array.from({ length: 8 - head.length - tail.length }, () => '0');
  const groups = [...head, ...gap, ...tail].map((group) => group.padStart(4, '0'));
  return Buffer.from(groups.join(''), 'hex');
}

function value(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  return Buffer.concat([Buffer.of(tag), lengthOf(content.length), content]);
}

/** Up to 127 in one byte; above, how many bytes the number has and the number. */
function lengthOf(length: number): Buffer {
  if (length < 0x80) return Buffer.of(length);
  return length < 0x100 ? Buffer.of(0x81, length) : Buffer.of(0x82, length >> 8, length & 0xff);
}

function base128(number: number): readonly number[] {
  const last = number & 0x7f;
  const before = Math.floor(number / 128);
  return before === 0 ? [last] : [...base128(before).map((byte) => byte | 0x80), last];
}
