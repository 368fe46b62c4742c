/** Bytes that are read in pieces: a file, a part of one, or memory. */
import { TrainingError } from '../../errors.ts';

/** Where bytes are. `readAt` blocks. */
export interface ByteSource {
  /** For messages: the path, and what of it. */
  readonly path: string;
  readonly size: number;
  /** Fills `into` with the bytes from `position` on; throws when there are not so many. */
  readAt(into: Uint8Array, position: number): void;
}

/** A part of a source. */
export function sliceSource(
  source: ByteSource,
  part: { readonly path: string; readonly start: number; readonly size: number },
): ByteSource {
  return {
    path: part.path,
    size: part.size,
    readAt(into, position) {
      if (position + into.length > part.size) throw pastEnd(part.path, position + into.length);
      source.readAt(into, part.start + position);
    },
  };
}

/** Bytes in memory. */
export function memorySource(path: string, bytes: Uint8Array): ByteSource {
  return {
    path,
    size: bytes.length,
    readAt(into, position) {
      if (position + into.length > bytes.length) throw pastEnd(path, position + into.length);
      into.set(bytes.subarray(position, position + into.length));
    },
  };
}

/** An error for whoever reads bytes that are not there. */
export function pastEnd(path: string, needed: number): TrainingError {
  const words = `${path} ends before byte ${String(needed)}: it has changed since it was opened, or was cut`;
  return new TrainingError('bad-data', words, { data: { path, offset: needed } });
}
