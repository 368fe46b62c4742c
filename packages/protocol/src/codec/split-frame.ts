import { ProtocolError } from '../errors.ts';
import { readChecksum } from './checksum.ts';

/** A frame taken apart, nothing copied or decoded yet. */
export interface FrameParts {
  readonly code: number;
  /** The bytes of the header: one msgpack map of plain JSON. */
  readonly header: Uint8Array;
  readonly payload: Uint8Array | undefined;
  /** Entries of all maps of the header together: fewer after decoding means that a key came twice. */
  readonly entries: number;
  /** The header ends with a checksum, which is right. */
  readonly isSealed: boolean;
}

/** Models nest layers in layers; nothing sensible nests deeper. */
const deepestNesting = 64;

/**
 * What a header may take in memory once it is decoded, in bytes, by the estimates of `costs`: an empty map is one byte on
 * the wire and an object in memory, so that the size of a frame bounds too little.
 */
const mostDecodedBytes = 32 * 2 ** 20;
const costs = { value: 8, container: 64, entry: 40, text: 32 } as const;

/** Maps are records here, not tables; V8 takes seconds to build an object of a million keys. */
const mostEntries = 2048;

/** The one key that means something to JavaScript itself. */
const prototypeKey = new TextEncoder().encode('__proto__');

const strictUtf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * Walks over a frame before anything is built from it: after this, the header is known to be complete,
 * plain (null, booleans, finite numbers up to 2^53, UTF-8 strings, arrays, maps with string keys; no
 * binary, no extension types, no `__proto__`), not too deep, not too much once decoded, and to end where the frame says. Every
 * length on the wire is held against the bytes that are there, so that nothing is allocated on its word.
 * https://github.com/msgpack/msgpack/blob/master/spec.md
 */
export function splitFrame(frame: Uint8Array): FrameParts {
  const scanner = new Scanner(frame);
  const parts = scanner.arrayLength();
  if (parts !== 2 && parts !== 3) {
    throw malformed(`a frame is [code, header] or [code, header, payload], not ${parts} values`);
  }
  const code = scanner.smallInteger();
  const headerStart = scanner.position;
  scanner.map();
  const header = frame.subarray(headerStart, scanner.position);
  const isSealed = verify(frame, scanner.position);
  const payload = parts === 3 ? scanner.binary() : undefined;
  if (scanner.position !== frame.length) {
    throw malformed(`${frame.length - scanner.position} bytes follow the message`);
  }
  return { code, header, payload, entries: scanner.entriesSeen, isSealed };
}

/** The start of a frame that has a payload, taken apart as by `splitFrame`: where the payload starts. */
export function splitHead(
  head: Uint8Array,
): Pick<FrameParts, 'code' | 'header' | 'entries'> & { readonly dataOffset: number } {
  const scanner = new Scanner(head);
  if (scanner.arrayLength() !== 3) throw malformed('there is no payload');
  const code = scanner.smallInteger();
  const headerStart = scanner.position;
  scanner.map();
  const header = head.subarray(headerStart, scanner.position);
  scanner.binaryLength();
  return { code, header, entries: scanner.entriesSeen, dataOffset: scanner.position };
}

/** Bits change on the way now and then; what was sent is then anybody's guess. */
function verify(frame: Uint8Array, headerEnd: number): boolean {
  const checksum = readChecksum(frame, headerEnd);
  if (checksum === undefined) return false;
  if (checksum.found === checksum.expected) return true;
  throw new ProtocolError('bad-checksum', 'the frame was changed on its way: its checksum differs');
}

/** The code at the start of a frame, whatever follows; undefined where there is none. Costs nothing. */
export function peekCode(frame: Uint8Array): number | undefined {
  try {
    const scanner = new Scanner(frame);
    scanner.arrayLength();
    return scanner.smallInteger();
  } catch {
    return undefined;
  }
}

class Scanner {
  position = 0;
  entriesSeen = 0;
  private roomBytes = mostDecodedBytes;
  private readonly bytes: Uint8Array;
  private readonly view: DataView;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  arrayLength(): number {
    const tag = this.tag();
    if (tag >> 4 === 0x9) return tag & 0xf;
    if (tag === 0xdc) return this.unsigned(2);
    if (tag === 0xdd) return this.unsigned(4);
    throw malformed('a frame starts with an array');
  }

  smallInteger(): number {
    const tag = this.tag();
    if (tag > 0x7f) throw malformed('the first value of a frame is a small integer, its code');
    return tag;
  }

  map(): void {
    const tag = this.tag();
    if (tag >> 4 !== 0x8 && tag !== 0xde && tag !== 0xdf) throw malformed('a header is a map');
    this.valueOf(tag, 1);
  }

  binaryLength(): number {
    const tag = this.tag();
    if (tag < 0xc4 || tag > 0xc6) throw new ProtocolError('bad-payload', 'a payload is binary');
    return this.unsigned(2 ** (tag - 0xc4));
  }

  binary(): Uint8Array {
    const length = this.binaryLength();
    const start = this.position;
    this.skip(length);
    return this.bytes.subarray(start, this.position);
  }

  private valueOf(tag: number, depth: number): void {
    if (depth > deepestNesting) {
      throw new ProtocolError('too-deep', `nested deeper than ${deepestNesting}`);
    }
    this.spend(costs.value);
    if (tag <= 0x7f || tag >= 0xe0 || tag === 0xc0 || tag === 0xc2 || tag === 0xc3) return;
    if (tag <= 0x8f) this.entries(tag & 0xf, depth);
    else if (tag <= 0x9f) this.items(tag & 0xf, depth);
    else if (tag <= 0xbf) this.text(tag & 0x1f);
    else if (tag >= 0xca && tag <= 0xd3) this.number(tag);
    else if (tag >= 0xd9 && tag <= 0xdb) this.text(this.unsigned(2 ** (tag - 0xd9)));
    else if (tag === 0xdc || tag === 0xdd) this.items(this.unsigned(tag === 0xdc ? 2 : 4), depth);
    else if (tag === 0xde || tag === 0xdf) this.entries(this.unsigned(tag === 0xde ? 2 : 4), depth);
    else throw malformed(`a header is plain data; found a value of type 0x${tag.toString(16)}`);
  }

  private items(length: number, depth: number): void {
    this.require(length);
    this.spend(costs.container);
    for (let i = 0; i < length; i++) this.valueOf(this.tag(), depth + 1);
  }

  private entries(length: number, depth: number): void {
    this.require(2 * length);
    if (length > mostEntries) {
      throw new ProtocolError('too-many-values', `a map has more than ${mostEntries} entries`);
    }
    this.spend(costs.container + length * costs.entry);
    this.entriesSeen += length;
    for (let i = 0; i < length; i++) {
      this.key();
      this.valueOf(this.tag(), depth + 1);
    }
  }

  private key(): void {
    const tag = this.tag();
    if (tag >> 5 === 0x5) this.text(tag & 0x1f, true);
    else if (tag >= 0xd9 && tag <= 0xdb) this.text(this.unsigned(2 ** (tag - 0xd9)), true);
    else throw malformed('the keys of a map are strings');
  }

  private text(length: number, isKey = false): void {
    const start = this.position;
    this.skip(length);
    this.spend(costs.text + length);
    if (!this.isAscii(start) && !isUtf8(this.bytes.slice(start, this.position))) {
      throw malformed('a string is not valid UTF-8');
    }
    if (isKey && length === prototypeKey.length && this.isPrototypeKey(start)) {
      throw malformed('the key "__proto__" is not allowed');
    }
  }

  private isAscii(start: number): boolean {
    for (let i = start; i < this.position; i++) if ((this.bytes[i] ?? 0) > 0x7f) return false;
    return true;
  }

  private isPrototypeKey(start: number): boolean {
    return prototypeKey.every((byte, i) => this.bytes[start + i] === byte);
  }

  /** Numbers of 4 and 8 bytes: floats 0xca and 0xcb, unsigned 0xcc to 0xcf, signed 0xd0 to 0xd3. */
  private number(tag: number): void {
    const bytes = tag <= 0xcb ? 4 * (tag - 0xc9) : 2 ** ((tag - 0xcc) & 3);
    const start = this.position;
    this.skip(bytes);
    const isExact =
      tag === 0xca
        ? Number.isFinite(this.view.getFloat32(start))
        : tag === 0xcb
          ? Number.isFinite(this.view.getFloat64(start))
          : bytes < 8 || isSafe(this.view, start, tag === 0xd3);
    if (!isExact) throw malformed('a number is not finite or beyond 2^53');
  }

  private tag(): number {
    const tag = this.bytes[this.position];
    if (tag === undefined) throw cutShort();
    this.position += 1;
    return tag;
  }

  private unsigned(bytes: number): number {
    const start = this.position;
    this.skip(bytes);
    if (bytes === 1) return this.view.getUint8(start);
    return bytes === 2 ? this.view.getUint16(start) : this.view.getUint32(start);
  }

  private skip(bytes: number): void {
    this.require(bytes);
    this.position += bytes;
  }

  private spend(bytes: number): void {
    this.roomBytes -= bytes;
    if (this.roomBytes >= 0) return;
    const limit = `${mostDecodedBytes / 2 ** 20} MiB`;
    throw new ProtocolError('too-many-values', `the header would take more than ${limit}`);
  }

  private require(bytes: number): void {
    if (bytes > this.bytes.length - this.position) throw cutShort();
  }
}

function isSafe(view: DataView, start: number, isSigned: boolean): boolean {
  const value = isSigned ? view.getBigInt64(start) : view.getBigUint64(start);
  return Number.isSafeInteger(Number(value));
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    strictUtf8.decode(bytes);
    return true;
  } catch {
    return false;
  }
}

function cutShort(): ProtocolError {
  return malformed('the message is cut short');
}

function malformed(message: string): ProtocolError {
  return new ProtocolError('malformed', message);
}
