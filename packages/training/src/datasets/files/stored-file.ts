/** A file on disk that is read in pieces: it is never in memory as a whole. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { TrainingError, messageOf } from '../../errors.ts';

/** An open file. Every method blocks. */
export interface StoredFile {
  readonly path: string;
  /** In bytes, when it was opened. */
  readonly size: number;
  /** Fills `into` with the bytes from `position` on; throws when the file ends before. */
  readAt(into: Uint8Array, position: number): void;
  /** It may be closed twice, and not read afterwards. */
  close(): void;
}

/** @throws {TrainingError} `missing-data` when it cannot be opened or is a folder. */
export function openStoredFile(path: string): StoredFile {
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
        if (read === 0) throw cutShort(path, position + into.length);
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

function cutShort(path: string, needed: number): TrainingError {
  const words = `${path} ends before byte ${String(needed)}: it has changed since it was opened, or was cut`;
  return new TrainingError('bad-data', words, { data: { path, offset: needed } });
}
