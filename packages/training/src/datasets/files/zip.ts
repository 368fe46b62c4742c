/**
 * Zip archives, as far as NumPy writes them (PKWARE's APPNOTE.TXT 6.3.10): the directory at the end, members that are
 * stored or deflated, Zip64. No encryption, no archive in several files.
 */
import { crc32, inflateRawSync } from 'node:zlib';
import { TrainingError, messageOf } from '../../errors.ts';
import { memorySource, sliceSource } from './byte-source.ts';
import type { ByteSource } from './byte-source.ts';

/** A member of an archive. */
export interface ZipMember {
  readonly name: string;
  readonly method: number;
  readonly crc: number;
  readonly packedSize: number;
  readonly size: number;
  /** Place of its local header. */
  readonly offset: number;
}

const endSignature = 0x0605_4b50;
const end64Signature = 0x0606_4b50;
const end64LocatorSignature = 0x0706_4b50;
const memberSignature = 0x0201_4b50;
const localSignature = 0x0403_4b50;
const endBytes = 22;
const mostCommentBytes = 0xffff;
const in64 = 0xffff_ffff;
/** Packed arrays are unpacked into memory: no larger ones. */
const mostUnpackedBytes = 2 ** 30;

/** The members of an archive. @throws {TrainingError} `bad-data` when it is none. */
export function readZipDirectory(file: ByteSource): readonly ZipMember[] {
  const { offset, size } = findDirectory(file);
  if (offset + size > file.size) throw badZip(file, 'its directory is not complete');
  const bytes = read(file, offset, size);
  const members: ZipMember[] = [];
  let at = 0;
  while (at + 46 <= bytes.length) {
    if (bytes.readUInt32LE(at) !== memberSignature) throw badZip(file, 'its directory is damaged');
    const [name, extra, comment] = [28, 30, 32].map((field) => bytes.readUInt16LE(at + field));
    const extraAt = at + 46 + (name ?? 0);
    const next = extraAt + (extra ?? 0) + (comment ?? 0);
    if (next > bytes.length) throw badZip(file, 'its directory is damaged');
    const sizes = sizesOf(bytes, at, bytes.subarray(extraAt, extraAt + (extra ?? 0)));
    members.push({
      name: bytes.toString('utf8', at + 46, extraAt),
      method: bytes.readUInt16LE(at + 10),
      crc: bytes.readUInt32LE(at + 16),
      ...sizes,
    });
    at = next;
  }
  return members;
}

/**
 * The bytes of a member: a part of the file when it is stored, or unpacked into memory.
 * @throws {TrainingError} `bad-data` when it is damaged, too large to be unpacked, or packed in another way.
 */
export function openMember(file: ByteSource, member: ZipMember): ByteSource {
  const path = `${file.path}, ${member.name}`;
  const header = read(file, member.offset, 30);
  if (header.readUInt32LE(0) !== localSignature) throw badZip(file, `${member.name} is damaged`);
  const start = member.offset + 30 + header.readUInt16LE(26) + header.readUInt16LE(28);
  if (start + member.packedSize > file.size) throw badZip(file, `${member.name} is cut`);
  if (member.method === 0) return sliceSource(file, { path, start, size: member.size });
  if (member.method !== 8)
    throw badZip(
      file,
      `${member.name} is packed in a way that is not read (${String(member.method)})`,
    );
  if (member.size > mostUnpackedBytes) {
    throw badZip(
      file,
      `${member.name} is packed and has ${String(member.size)} bytes, too many for the memory: save it with np.savez`,
    );
  }
  return memorySource(path, inflate(file, member, read(file, start, member.packedSize)));
}

function inflate(file: ByteSource, member: ZipMember, packed: Buffer): Buffer {
  let bytes: Buffer;
  try {
    bytes = inflateRawSync(packed, { maxOutputLength: Math.max(1, member.size) });
  } catch (error) {
    throw badZip(file, `${member.name} cannot be unpacked: ${messageOf(error)}`);
  }
  if (bytes.length === member.size && crc32(bytes) === member.crc) return bytes;
  throw badZip(file, `${member.name} is damaged: its checksum is wrong`);
}

function findDirectory(file: ByteSource): { readonly offset: number; readonly size: number } {
  const length = Math.min(file.size, endBytes + mostCommentBytes);
  const tail = read(file, file.size - length, length);
  for (let at = tail.length - endBytes; at >= 0; at -= 1) {
    if (tail.readUInt32LE(at) !== endSignature) continue;
    const [size, offset] = [tail.readUInt32LE(at + 12), tail.readUInt32LE(at + 16)];
    const isLocated = at >= 20 && tail.readUInt32LE(at - 20) === end64LocatorSignature;
    if (!isLocated) return { offset, size };
    const end64 = read(file, Number(tail.readBigUInt64LE(at - 12)), 56);
    if (end64.readUInt32LE(0) !== end64Signature) throw badZip(file, 'its directory is damaged');
    return { size: Number(end64.readBigUInt64LE(40)), offset: Number(end64.readBigUInt64LE(48)) };
  }
  throw badZip(file, 'it is no zip archive, or was cut');
}

/** Numbers that do not fit into 32 bits are in the extra field 1, in this order, only those that do not fit. */
function sizesOf(
  bytes: Buffer,
  at: number,
  extra: Buffer,
): Pick<ZipMember, 'size' | 'packedSize' | 'offset'> {
  const large = zip64Field(extra);
  let next = 0;
  const [size = 0, packedSize = 0, offset = 0] = [24, 20, 42].map((field) => {
    const value = bytes.readUInt32LE(at + field);
    if (value !== in64 || next + 8 > large.length) return value;
    next += 8;
    return Number(large.readBigUInt64LE(next - 8));
  });
  return { size, packedSize, offset };
}

function zip64Field(extra: Buffer): Buffer {
  let at = 0;
  while (at + 4 <= extra.length) {
    const end = at + 4 + extra.readUInt16LE(at + 2);
    if (extra.readUInt16LE(at) === 1) return extra.subarray(at + 4, end);
    at = end;
  }
  return Buffer.alloc(0);
}

function read(file: ByteSource, start: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  file.readAt(bytes, start);
  return bytes;
}

function badZip({ path }: ByteSource, reason: string): TrainingError {
  return new TrainingError('bad-data', `${path}: ${reason}`, { data: { path } });
}
