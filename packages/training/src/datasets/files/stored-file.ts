/** A file that is read in pieces: it is never in memory as a whole. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { TrainingError, messageOf } from '../../errors.ts';
import { pastEnd } from './byte-source.ts';
import type { ByteSource } from './byte-source.ts';

/** An open file; `size` is what it had when it was opened. Every method blocks. */
export interface StoredFile extends ByteSource {
  /** What tells it apart from other contents without reading it; undefined where only its bytes do. */
  readonly identity?: string;
  /** It may be closed twice, and not read afterwards. */
  close(): void;
}

/** @throws {TrainingError} `missing-data` when it cannot be opened or is a folder. */
export function openDiskFile(path: string): StoredFile {
  const descriptor = openDescriptor(path);
  const { size } = fstatSync(descriptor);
  let isOpen = true;
  return {
    path,
    size,
    readAt(into, position) {
      let done = 0;
      while (done < into.length) {
        const read = readSync(descriptor, into, done, into.length - done, position + done);
        if (read === 0) throw pastEnd(path, position + into.length);
        done += read;
      }
    },
    close() {
      if (isOpen) closeSync(descriptor);
      isOpen = false;
    },
  };
}

function openDescriptor(path: string): number {
  try {
    const descriptor = openSync(path, 'r');
    if (fstatSync(descriptor).isFile()) return descriptor;
    closeSync(descriptor);
  } catch (error) {
    throw new TrainingError('missing-data', `${path} cannot be read: ${messageOf(error)}`, {
      data: { path },
      cause: error,
    });
  }
  throw new TrainingError('missing-data', `${path} is not a file`, { data: { path } });
}
