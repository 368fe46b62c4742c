/** SHA-256 of files, once per process: a file that has not changed since is not hashed again. */
import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { digestOf, sha256 } from './digest.ts';
import type { StoredFile } from './files/stored-file.ts';
import { isWebAddress } from './http/address.ts';

const known = new Map<string, string>();

/** SHA-256 (hex) of the bytes read from the file; for a compressed file those that were in it. */
export function digestOfFile(file: { readonly path: string; readonly bytes: Uint8Array }): string {
  if (isWebAddress(file.path)) return sha256(file.bytes);
  const key = keyOf(file.path, file.bytes.byteLength);
  const digest = known.get(key) ?? sha256(file.bytes);
  known.set(key, digest);
  return digest;
}

const pieceBytes = 2 ** 20;

/** The same for a file that is not read into memory: a MiB at a time. One that has an identity is not read for it. */
export function digestOfStoredFile(file: StoredFile): string {
  if (file.identity !== undefined) return digestOf(['web', file.identity]);
  if (isWebAddress(file.path)) return hashPieces(file);
  const key = keyOf(file.path, file.size);
  const digest = known.get(key) ?? hashPieces(file);
  known.set(key, digest);
  return digest;
}

function hashPieces(file: StoredFile): string {
  const hash = createHash('sha256');
  const piece = Buffer.allocUnsafe(pieceBytes);
  for (let position = 0; position < file.size; position += pieceBytes) {
    const bytes = piece.subarray(0, Math.min(pieceBytes, file.size - position));
    file.readAt(bytes, position);
    hash.update(bytes);
  }
  return hash.digest('hex');
}

function keyOf(path: string, bytes: number): string {
  const { size, mtimeMs, ino } = statSync(path);
  return [path, size, mtimeMs, ino, bytes].join(':');
}
