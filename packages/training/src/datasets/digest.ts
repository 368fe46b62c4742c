/** SHA-256 of what a split consists of. */
import { createHash, webcrypto } from 'node:crypto';

/**
 * SHA-256 (hex) of one long array, computed on a thread of the pool.
 * The bytes must stay as they are until the promise settles.
 */
export async function sha256(bytes: Uint8Array): Promise<string> {
  const digest = await webcrypto.subtle.digest('SHA-256', bytes);
  return Buffer.from(digest).toString('hex');
}

/** SHA-256 (hex) of several texts and arrays; lengths are hashed too, so that no two lists have one digest. */
export function digestOf(parts: readonly (string | Uint8Array)[]): string {
  const hash = createHash('sha256');
  for (const part of parts) {
    const bytes = typeof part === 'string' ? Buffer.from(part, 'utf8') : part;
    hash.update(`${String(bytes.byteLength)}:`);
    hash.update(bytes);
  }
  return hash.digest('hex');
}

/** The bytes of a typed array, not copied. */
export function bytesOf(values: Float32Array | Int32Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}
