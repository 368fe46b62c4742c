import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { createRingReader, createRingWriter, findRoom } from '../../src/lane/ring.ts';
import type { Place, RingWriter } from '../../src/lane/ring.ts';
import type { SharedFile } from '../../src/lane/shared-file.ts';

/** Counters of three readers go before it. */
const ring = { start: 64, bytes: 100 };

/** A file in this process's memory. */
function createFile(): SharedFile {
  const bytes = new Uint8Array(ring.start + ring.bytes);
  return {
    path: '',
    read: (into, at) => {
      into.set(bytes.subarray(at, at + into.length));
    },
    write: (from, at) => {
      bytes.set(from, at);
    },
    close: () => undefined,
  };
}

interface Sent {
  readonly place: Place;
  readonly frame: Uint8Array;
}

/** A reader whose counter is at this byte, with what it should get. */
function openReader(file: SharedFile, writer: RingWriter, at: number) {
  const counter = { file, at };
  const [reader, audience] = [createRingReader(file, ring, counter), writer.addReader(counter)];
  const waiting: Sent[] = [];
  return {
    audience,
    waiting,
    expect(sent: Sent) {
      writer.handTo(audience);
      waiting.push(sent);
    },
    readOne() {
      const next = waiting.shift();
      if (next === undefined) return;
      const into = new Uint8Array(next.place.length);
      reader.take(next.place.offset, into);
      expect(into).toEqual(next.frame);
    },
  };
}

describe('a ring', () => {
  it('gives frames back as they were written, in order, and writes over none that was not read', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 110 }), { maxLength: 60 });
    const property = fc.property(sizes, fc.array(fc.nat(2)), (frames, reads) => {
      const file = createFile();
      const writer = createRingWriter(file, ring);
      const readers = [0, 16, 32].map((at) => openReader(file, writer, at));
      frames.forEach((length, index) => {
        const frame = new Uint8Array(length).fill(index + 1);
        const isEmpty = readers.every(({ waiting }) => waiting.length === 0);
        const place = writer.put(frame);
        if (isEmpty) expect(place?.offset).toBe(length <= ring.bytes ? 0 : undefined);
        // Not every frame is for every reader.
        readers.forEach((reader, which) => {
          if (place !== undefined && (index + which) % 3 !== 0) reader.expect({ place, frame });
          for (let i = 0; i < (reads[index + which] ?? 0); i++) reader.readOne();
        });
      });
      for (const reader of readers) while (reader.waiting.length > 0) reader.readOne();
    });
    fc.assert(property, { numRuns: 500 });
  });

  it('waits for the slowest reader, until it leaves', () => {
    const file = createFile();
    const writer = createRingWriter(file, ring);
    const [quick, slow] = [0, 16].map((at) => openReader(file, writer, at));
    const frame = new Uint8Array(60);
    const put = (): boolean => {
      const place = writer.put(frame);
      for (const reader of [quick, slow]) if (place) reader?.expect({ place, frame });
      return place !== undefined;
    };
    expect(put()).toBe(true);
    quick?.readOne();
    expect(put()).toBe(false);
    slow?.audience.leave();
    expect(writer.put(frame)).toBeDefined();
  });

  it('forgets a frame that is for nobody', () => {
    const writer = createRingWriter(createFile(), ring);
    expect(writer.put(new Uint8Array(100))?.offset).toBe(0);
    expect(writer.put(new Uint8Array(100))?.offset).toBe(0);
  });

  it('believes no counter that is half written, or says what cannot be', () => {
    for (const [count, check] of [
      [1, 0],
      [2, -3],
      [-1, 0],
      [Number.NaN, Number.NaN],
    ] as const) {
      const file = createFile();
      const writer = createRingWriter(file, ring);
      expect(writer.put(new Uint8Array(60))).toBeDefined();
      writer.handTo(writer.addReader({ file, at: 0 }));
      file.write(new Uint8Array(Float64Array.of(count, check).buffer), 0);
      expect(writer.put(new Uint8Array(60))).toBeUndefined();
      file.write(new Uint8Array(Float64Array.of(1, -2).buffer), 0);
      expect(writer.put(new Uint8Array(60))).toBeDefined();
    }
  });

  it('reads nothing outside of itself', () => {
    const reader = createRingReader(createFile(), ring, { file: createFile(), at: 0 });
    expect(() => reader.take(60, new Uint8Array(41))).toThrow(RangeError);
  });
});

describe('room in a ring', () => {
  const place = (offset: number, length: number): Place => ({ offset, length });
  it.each([
    ['all of it, from the start', [], 100, 0],
    ['not more than all', [], 101, undefined],
    ['behind the last', [place(10, 30)], 60, 40],
    ['at the start, where the end is too short', [place(50, 30)], 30, 0],
    ['nowhere, where both are too short', [place(50, 30)], 51, undefined],
    ['behind the last after going round', [place(50, 50), place(0, 20)], 30, 20],
    ['not over the first', [place(50, 50), place(0, 20)], 31, undefined],
    ['nowhere, when it is full', [place(50, 50), place(0, 50)], 1, undefined],
  ] as const)('is %s', (_words, unread, length, offset) => {
    expect(findRoom(unread, { length, bytes: 100 })).toBe(offset);
  });
});
