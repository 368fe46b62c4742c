/** SHA-256 of files, once per process: a file that has not changed since is not hashed again. */
import { statSync } from 'node:fs';
import { sha256 } from './digest.ts';

const known = new Map<string, string>();

/** SHA-256 (hex) of the bytes read from the file; for a compressed file those that were in it. */
export function digestOfFile(file: { readonly path: string; readonly bytes: Uint8Array }): string {
  const { size, mtimeMs, ino } = statSync(file.path);
  const key = [file.path, size, mtimeMs, ino, file.bytes.byteLength].join(':');
  const digest = known.get(key) ?? sha256(file.bytes);
  known.set(key, digest);
  return digest;
}
