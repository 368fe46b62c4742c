import { createHash } from 'node:crypto';
import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A file to be written, in pieces. */
export interface FileContent {
  readonly name: string;
  readonly pieces: Iterable<Uint8Array>;
}

/** A file that is on disk now. */
export interface WrittenFile {
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** Writes a file from pieces and forces it to disk. Blocks. */
export function writeFile(folder: string, { name, pieces }: FileContent): WrittenFile {
  const hash = createHash('sha256');
  const descriptor = openSync(join(folder, name), 'w');
  let bytes = 0;
  try {
    for (const piece of pieces) {
      hash.update(piece);
      writeAll(descriptor, piece);
      bytes += piece.byteLength;
    }
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  return { name, bytes, sha256: hash.digest('hex') };
}

/**
 * Makes a folder that is either whole or not there: `fill` writes into a temporary folder beside it, which then takes
 * its name; one that has the name already is replaced. Blocks.
 */
export function writeFolder(path: string, fill: (temporary: string) => void): void {
  const temporary = `${path}.partial-${String(process.pid)}`;
  rmSync(temporary, { recursive: true, force: true });
  mkdirSync(temporary, { recursive: true });
  try {
    fill(temporary);
    syncFolder(temporary);
    rmSync(path, { recursive: true, force: true });
    renameSync(temporary, path);
    syncFolder(dirname(path));
  } catch (error) {
    rmSync(temporary, { recursive: true, force: true });
    throw error;
  }
}

function writeAll(descriptor: number, piece: Uint8Array): void {
  let done = 0;
  while (done < piece.byteLength) done += writeSync(descriptor, piece, done);
}

function syncFolder(path: string): void {
  const descriptor = openSync(path, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
