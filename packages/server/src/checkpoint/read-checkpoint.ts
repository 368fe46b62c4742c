import { closeSync, fstatSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { ServerError } from '../errors.ts';
import { explainDiskError, systemCode } from './disk-errors.ts';
import type { WrittenFile } from './files.ts';
import { readInto, sha256Of, sha256OfFile } from './files.ts';
import { decodeImage } from './image-files.ts';
import type { Manifest } from './manifest.ts';
import { decodeManifest, manifestName } from './manifest.ts';
import type { CheckpointFacts, CheckpointImage } from './storage.ts';

/** A checkpoint of which every byte is as it was written. */
export interface CheckedCheckpoint {
  readonly path: string;
  readonly facts: CheckpointFacts;
  /** But for the manifest. */
  readonly files: readonly WrittenFile[];
  /** Of all files together. */
  readonly bytes: number;
}

/**
 * Reads every byte of a checkpoint and compares it with what was written. Blocks.
 * @throws ServerError `checkpoint-damaged` or `checkpoint-format`, whose message completes "PATH is damaged: ";
 * `checkpoints-unusable` when it cannot be read for another reason
 */
export function checkCheckpoint(path: string): CheckedCheckpoint {
  const { facts, files, bytes } = readManifest(path);
  for (const file of files) checkHash(file, withFile(path, file, sha256OfFile));
  return { path, facts, files, bytes };
}

/**
 * Reads a checkpoint with all its numbers, which belong to the caller. Checks it as {@link checkCheckpoint} does. Blocks.
 * @throws as {@link checkCheckpoint}
 */
export function readCheckpoint(path: string): CheckpointImage & { readonly path: string } {
  const { facts, files } = readManifest(path);
  const contents = new Map(files.map((file) => [file.name, readFile(path, file)]));
  return { ...decodeImage(facts, contents), path };
}

function readManifest(path: string): Manifest & { readonly bytes: number } {
  const content = withFile(path, { name: manifestName }, readAll);
  const manifest = decodeManifest(content);
  const bytes = manifest.files.reduce((sum, file) => sum + file.bytes, content.byteLength);
  return { ...manifest, bytes };
}

function readFile(path: string, file: WrittenFile): Uint8Array {
  const content = withFile(path, file, readAll);
  checkHash(file, sha256Of(content));
  return content;
}

function checkHash({ name, sha256 }: WrittenFile, found: string): void {
  if (found === sha256) return;
  throw new ServerError('checkpoint-damaged', `${name} is not what was written`);
}

function readAll(descriptor: number, size: number): Uint8Array {
  const content = new Uint8Array(size);
  return content.subarray(0, readInto(descriptor, content));
}

/** Opens a file of a checkpoint, which must have `bytes` bytes where they are known. */
function withFile<T>(
  path: string,
  { name, bytes }: { readonly name: string; readonly bytes?: number },
  act: (descriptor: number, size: number) => T,
): T {
  try {
    const descriptor = openSync(join(path, name), 'r');
    try {
      const { size } = fstatSync(descriptor);
      if (size === (bytes ?? size)) return act(descriptor, size);
      const words = `${name} has ${size} bytes instead of ${String(bytes)}`;
      throw new ServerError('checkpoint-damaged', words);
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    if (error instanceof ServerError) throw error;
    throw unreadable(join(path, name), name, error);
  }
}

/** What the disk says of a file that is broken; anything else (permissions, too many open files) may pass. */
const damageCodes = ['ENOENT', 'ENOTDIR', 'EISDIR', 'ELOOP', 'EIO'];

function unreadable(path: string, name: string, cause: unknown): ServerError {
  if (damageCodes.includes(systemCode(cause))) {
    const words = systemCode(cause) === 'EIO' ? 'cannot be read: the disk fails' : 'is missing';
    return new ServerError('checkpoint-damaged', `${name} ${words}`, { cause });
  }
  return new ServerError('checkpoints-unusable', explainDiskError(cause, path), { cause });
}
