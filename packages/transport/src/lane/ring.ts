import type { SharedFile } from './shared-file.ts';

/** A stretch of a shared file in which one process writes frames and others read them, in their order. */
export interface Ring {
  readonly start: number;
  readonly bytes: number;
}

/** Where a frame lies, from the start of the ring. */
export interface Place {
  readonly offset: number;
  readonly length: number;
}

/** A place until its readers have read it. */
interface Unread extends Place {
  readers: number;
}

/** Where a reader leaves how many frames it has read: 16 bytes. */
export interface Counter {
  readonly file: SharedFile;
  readonly at: number;
}

/** The writing end, for any number of readers, each of which leaves in its counter how many frames it has read. */
export interface RingWriter {
  /**
   * Writes a frame, for nobody so far; undefined while what was not read yet is in the way. It must be handed to its readers
   * at once.
   */
  put(frame: Uint8Array): Place | undefined;
  /** The frame of the last `put` is for this reader, too. */
  handTo(reader: RingAudience): void;
  /** Adds a reader. */
  addReader(counter: Counter): RingAudience;
}

/** A reader, as the writer sees it. */
export interface RingAudience {
  /** It reads nothing any more: what it has not read is in nobody's way. */
  leave(): void;
}

/** The reading end. */
export interface RingReader {
  /** Fills `into` with what a place starts with; the place stays. @throws RangeError for one outside of the ring */
  look(offset: number, into: Uint8Array): void;
  /** Fills `into` from a place, and gives the room back. @throws RangeError for a place outside of the ring */
  take(offset: number, into: Uint8Array): void;
}

/** Opens the writing end of a fresh ring. */
export function createRingWriter(file: SharedFile, ring: Ring): RingWriter {
  const readers = new Set<Reader>();
  const unread: Unread[] = [];
  const forget = (): void => {
    while (unread[0]?.readers === 0) unread.shift();
  };
  return {
    put(frame) {
      for (const reader of readers) reader.look();
      forget();
      const offset = findRoom(unread, { length: frame.length, bytes: ring.bytes });
      if (offset === undefined) return undefined;
      file.write(frame, ring.start + offset);
      const place = { offset, length: frame.length, readers: 0 };
      unread.push(place);
      return place;
    },
    handTo(reader) {
      const place = unread.at(-1);
      if (place !== undefined && reader instanceof Reader) reader.expect(place);
    },
    addReader(counter) {
      const reader = new Reader(counter, (left) => {
        readers.delete(left);
      });
      readers.add(reader);
      return reader;
    },
  };
}

class Reader implements RingAudience {
  private readonly counter: Counter;
  private readonly onLeave: (reader: Reader) => void;
  private readonly numbers = new Float64Array(2);
  private readonly bytes = new Uint8Array(this.numbers.buffer);
  private readonly waiting: Unread[] = [];
  private read = 0;

  constructor(counter: Counter, onLeave: (reader: Reader) => void) {
    this.counter = counter;
    this.onLeave = onLeave;
  }

  expect(place: Unread): void {
    place.readers += 1;
    this.waiting.push(place);
  }

  look(): void {
    if (this.waiting.length === 0) return;
    this.counter.file.read(this.bytes, this.counter.at);
    const [count = 0, check = 0] = this.numbers;
    // Another process may be in the middle of writing it; then the next look has it.
    const isSound = count === -1 - check && count <= this.read + this.waiting.length;
    while (isSound && this.read < count) this.drop();
  }

  leave(): void {
    while (this.waiting.length > 0) this.drop();
    this.onLeave(this);
  }

  private drop(): void {
    const place = this.waiting.shift();
    if (place !== undefined) place.readers -= 1;
    this.read += 1;
  }
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

/** Opens the reading end of a ring. */
export function createRingReader(file: SharedFile, ring: Ring, counter: Counter): RingReader {
  let read = 0;
  const fill = (offset: number, into: Uint8Array): void => {
    if (offset + into.length > ring.bytes) throw new RangeError('outside of the ring');
    file.read(into, ring.start + offset);
  };
  return {
    look: fill,
    take(offset, into) {
      fill(offset, into);
      read += 1;
      counter.file.write(new Uint8Array(Float64Array.of(read, -1 - read).buffer), counter.at);
    },
  };
}
