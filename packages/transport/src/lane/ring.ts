import type { SharedFile } from './shared-file.ts';

/** A stretch of a shared file in which one process writes and one reads, round and round. */
export interface Ring {
  readonly start: number;
  readonly bytes: number;
  /** Where the reader leaves how much it has read: 16 bytes. */
  readonly counterAt: number;
}

/** Bytes of a reader's counter. */
export const counterBytes = 16;

/** The writing end. */
export interface RingWriter {
  /** Writes a frame behind the ones before; false where the reader has not made room for it yet. */
  put(frame: Uint8Array): boolean;
}

/** The reading end. */
export interface RingReader {
  /** Fills `into` with what was written next, and gives its room back. */
  take(into: Uint8Array): void;
}

/** Opens the writing end of a fresh ring. */
export function createRingWriter(file: SharedFile, ring: Ring): RingWriter {
  const counter = new Float64Array(2);
  const counterView = new Uint8Array(counter.buffer);
  let written = 0;
  let read = 0;
  const lookAgain = (): void => {
    file.read(counterView, ring.counterAt);
    const [count = 0, check = 0] = counter;
    // Another process may be in the middle of writing it; then the next look has it.
    if (count === -1 - check && count > read && count <= written) read = count;
  };
  return {
    put(frame) {
      const hasRoom = (): boolean => frame.length <= ring.bytes - (written - read);
      if (!hasRoom()) lookAgain();
      if (!hasRoom()) return false;
      inPieces(ring, { at: written, bytes: frame }, (piece, at) => {
        file.write(piece, at);
      });
      written += frame.length;
      return true;
    },
  };
}

/** Opens the reading end of a fresh ring. */
export function createRingReader(file: SharedFile, ring: Ring): RingReader {
  const counter = new Float64Array(2);
  const counterView = new Uint8Array(counter.buffer);
  let read = 0;
  return {
    take(into) {
      inPieces(ring, { at: read, bytes: into }, (piece, at) => {
        file.read(piece, at);
      });
      read += into.length;
      counter.set([read, -1 - read]);
      file.write(counterView, ring.counterAt);
    },
  };
}

/** A frame lies in one piece, or at the end and at the beginning. */
function inPieces(
  { start, bytes: size }: Ring,
  { at, bytes }: { readonly at: number; readonly bytes: Uint8Array },
  act: (piece: Uint8Array, at: number) => void,
): void {
  const place = at % size;
  const first = Math.min(bytes.length, size - place);
  act(bytes.subarray(0, first), start + place);
  if (first < bytes.length) act(bytes.subarray(first), start);
}
