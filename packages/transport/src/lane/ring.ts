import type { SharedFile } from './shared-file.ts';

/** A stretch of a shared file in which one process writes frames and another reads them, in their order. */
export interface Ring {
  readonly start: number;
  readonly bytes: number;
  /** Where the reader leaves how many frames it has read: 16 bytes. */
  readonly counterAt: number;
}

/** Bytes of a reader's counter. */
export const counterBytes = 16;

/** Where a frame lies, from the start of the ring. */
export interface Place {
  readonly offset: number;
  readonly length: number;
}

/** The writing end. */
export interface RingWriter {
  /** Writes a frame, and where; undefined while what was not read yet is in the way. */
  put(frame: Uint8Array): Place | undefined;
}

/** The reading end. */
export interface RingReader {
  /** Fills `into` from a place, and gives the room back. @throws RangeError for a place outside of the ring */
  take(offset: number, into: Uint8Array): void;
}

/** Opens the writing end of a fresh ring. */
export function createRingWriter(file: SharedFile, ring: Ring): RingWriter {
  const counter = new Float64Array(2);
  const counterView = new Uint8Array(counter.buffer);
  const unread: Place[] = [];
  let read = 0;
  const lookWhatWasRead = (): void => {
    file.read(counterView, ring.counterAt);
    const [count = 0, check = 0] = counter;
    // Another process may be in the middle of writing it; then the next look has it.
    const isSound = count === -1 - check && count > read && count <= read + unread.length;
    if (!isSound) return;
    unread.splice(0, count - read);
    read = count;
  };
  return {
    put(frame) {
      lookWhatWasRead();
      const offset = findRoom(unread, { length: frame.length, bytes: ring.bytes });
      if (offset === undefined) return undefined;
      file.write(frame, ring.start + offset);
      const place = { offset, length: frame.length };
      unread.push(place);
      return place;
    },
  };
}

/**
 * Where a frame fits beside those that were not read yet: behind the last one, or at the start. An empty ring begins
 * at its start again, so that a few frames at a time stay in the same few pages, and in the cache. Pure.
 */
export function findRoom(
  unread: readonly Place[],
  { length, bytes }: { readonly length: number; readonly bytes: number },
): number | undefined {
  const [first, last] = [unread[0], unread.at(-1)];
  if (first === undefined || last === undefined) return length <= bytes ? 0 : undefined;
  const end = last.offset + last.length;
  const isRound = last.offset < first.offset;
  if (length <= (isRound ? first.offset : bytes) - end) return end;
  return !isRound && length <= first.offset ? 0 : undefined;
}

/** Opens the reading end of a fresh ring. */
export function createRingReader(file: SharedFile, ring: Ring): RingReader {
  const counter = new Float64Array(2);
  const counterView = new Uint8Array(counter.buffer);
  let read = 0;
  return {
    take(offset, into) {
      if (offset + into.length > ring.bytes) throw new RangeError('outside of the ring');
      file.read(into, ring.start + offset);
      read += 1;
      counter.set([read, -1 - read]);
      file.write(counterView, ring.counterAt);
    },
  };
}
