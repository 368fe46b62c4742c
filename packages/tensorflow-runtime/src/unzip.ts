import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, open, writeFile, type FileHandle } from 'node:fs/promises';
import { dirname, resolve, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createInflateRaw, inflateRawSync } from 'node:zlib';
import { UnpackError } from './errors.ts';

/** A file inside a zip archive (a wheel is one). */
export interface ZipMember {
  readonly name: string;
  readonly bytes: number;
  readonly compressedBytes: number;
  /** 0: stored, 8: deflated. */
  readonly method: number;
  /** Where its local header begins. */
  readonly headerOffset: number;
}

// Sizes and signatures of PKWARE's APPNOTE.TXT, sections 4.3.7, 4.3.12 and 4.3.16.
const endBytes = 22;
const memberBytes = 46;
const memberSignature = 0x02014b50;
const localBytes = 30;
const longestComment = 0xffff;
/** Below this size a file is inflated at once, above it in a stream. */
const smallBytes = 1 << 20;

/** The archive's list of files. Archives over 4 GiB (zip64) are refused. */
export async function readZip(path: string): Promise<readonly ZipMember[]> {
  return withFile(path, async (file) => {
    const { size } = await file.stat();
    const tail = await readAt(file, Math.max(0, size - endBytes - longestComment), size);
    const end = tail.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]));
    if (end < 0 || tail.length - end < endBytes) {
      throw new UnpackError(path, 'it is no zip archive, or was cut off');
    }
    const [count, bytes, offset] = [
      tail.readUInt16LE(end + 10),
      tail.readUInt32LE(end + 12),
      tail.readUInt32LE(end + 16),
    ];
    if (count === 0xffff || offset === 0xffffffff) {
      throw new UnpackError(path, 'it is a zip64 archive, which is not supported');
    }
    return parseDirectory(path, await readAt(file, offset, offset + bytes), count);
  });
}

/**
 * Unpacks files to the given places below `root`, one after the other. The bytes are vouched for by the archive's own
 * SHA-256, so the members' checksums are not looked at.
 */
export async function unzip(
  path: string,
  places: readonly { readonly member: ZipMember; readonly to: string }[],
  options: { readonly root: string; readonly signal?: AbortSignal | undefined },
): Promise<void> {
  await withFile(path, async (file) => {
    for (const { member, to } of places) {
      options.signal?.throwIfAborted();
      const target = targetInside(options.root, to, path);
      await mkdir(dirname(target), { recursive: true });
      const start = await dataOffset(file, member);
      if (member.bytes < smallBytes) {
        const raw = await readAt(file, start, start + member.compressedBytes);
        await writeFile(target, member.method === 0 ? raw : inflateRawSync(raw));
      } else {
        await unzipLarge(path, { start, member, target }, options);
      }
    }
  });
}

function targetInside(root: string, to: string, path: string): string {
  const target = resolve(root, to);
  if (!target.startsWith(resolve(root) + sep)) {
    throw new UnpackError(path, `it has a file that points outside: ${to}`);
  }
  return target;
}

async function withFile<T>(path: string, use: (file: FileHandle) => Promise<T>): Promise<T> {
  const file = await open(path);
  try {
    return await use(file);
  } finally {
    await file.close();
  }
}

async function unzipLarge(
  path: string,
  part: { readonly start: number; readonly member: ZipMember; readonly target: string },
  options: { readonly signal?: AbortSignal | undefined },
): Promise<void> {
  const { start, member, target } = part;
  const source = createReadStream(path, {
    start,
    end: start + member.compressedBytes - 1,
    highWaterMark: smallBytes,
  });
  const sink = createWriteStream(target, { highWaterMark: smallBytes });
  const signal = options.signal ?? new AbortController().signal;
  if (member.method === 0) {
    await pipeline(source, sink, { signal });
  } else {
    await pipeline(source, createInflateRaw({ chunkSize: smallBytes }), sink, { signal });
  }
  if (sink.bytesWritten !== member.bytes) {
    throw new UnpackError(
      path,
      `${member.name} has ${String(sink.bytesWritten)} bytes instead of ${String(member.bytes)}`,
    );
  }
}

function parseDirectory(path: string, directory: Buffer, count: number): readonly ZipMember[] {
  const members: ZipMember[] = [];
  let at = 0;
  for (let index = 0; index < count; index += 1) {
    if (at + memberBytes > directory.length || directory.readUInt32LE(at) !== memberSignature) {
      throw new UnpackError(path, 'its list of files is damaged');
    }
    const nameBytes = directory.readUInt16LE(at + 28);
    members.push({
      name: directory.toString('utf8', at + memberBytes, at + memberBytes + nameBytes),
      method: directory.readUInt16LE(at + 10),
      compressedBytes: directory.readUInt32LE(at + 20),
      bytes: directory.readUInt32LE(at + 24),
      headerOffset: directory.readUInt32LE(at + 42),
    });
    at +=
      memberBytes + nameBytes + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32);
  }
  return members;
}

/** A local header's name and extra field may differ in length from those in the directory. */
async function dataOffset(file: FileHandle, member: ZipMember): Promise<number> {
  const header = await readAt(file, member.headerOffset, member.headerOffset + localBytes);
  return member.headerOffset + localBytes + header.readUInt16LE(26) + header.readUInt16LE(28);
}

async function readAt(file: FileHandle, start: number, end: number): Promise<Buffer> {
  const buffer = Buffer.alloc(end - start);
  const { bytesRead } = await file.read(buffer, 0, buffer.length, start);
  return buffer.subarray(0, bytesRead);
}
