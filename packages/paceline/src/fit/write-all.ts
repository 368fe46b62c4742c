import { writeSync } from 'node:fs';

/** File systems take less than 2 GiB at once. */
const mostBytesAtOnce = 2 ** 24;

/** Writes all bytes to an open file, where it stands. Blocks. */
export function writeAll(file: number, bytes: Uint8Array): void {
  let done = 0;
  while (done < bytes.byteLength) {
    done += writeSync(file, bytes, done, Math.min(bytes.byteLength - done, mostBytesAtOnce));
  }
}
