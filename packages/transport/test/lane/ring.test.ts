import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { createRingReader, createRingWriter, findRoom } from '../../src/lane/ring.ts';
import type { Place } from '../../src/lane/ring.ts';
import type { SharedFile } from '../../src/lane/shared-file.ts';

const ring = { start: 64, bytes: 100, counterAt: 0 };

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

describe('a ring', () => {
  it('gives frames back as they were written, in order, and writes over none that was not read', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 110 }), { maxLength: 60 });
    const property = fc.property(sizes, fc.array(fc.nat(2)), (frames, reads) => {
      const file = createFile();
      const [writer, reader] = [createRingWriter(file, ring), createRingReader(file, ring)];
      const waiting: { readonly place: Place; readonly frame: Uint8Array }[] = [];
      const readOne = (): void => {
        const next = waiting.shift();
        if (next === undefined) return;
        const into = new Uint8Array(next.place.length);
        reader.take(next.place.offset, into);
        expect(into).toEqual(next.frame);
      };
      frames.forEach((length, index) => {
        const frame = new Uint8Array(length).fill(index + 1);
        const place = writer.put(frame);
        if (waiting.length === 0) expect(place?.offset).toBe(length <= ring.bytes ? 0 : undefined);
        if (place !== undefined) waiting.push({ place, frame });
        for (let i = 0; i < (reads[index] ?? 0); i++) readOne();
      });
      while (waiting.length > 0) readOne();
    });
    fc.assert(property, { numRuns: 500 });
  });

  it('believes no counter that is half written, or says what cannot be', () => {
    for (const [count, check] of [
      [1, 0],
      [2, -3],
      [-1, 0],
      [0.5, -1.5],
      [Number.NaN, Number.NaN],
    ] as const) {
      const file = createFile();
      const writer = createRingWriter(file, ring);
      expect(writer.put(new Uint8Array(60))).toBeDefined();
      file.write(new Uint8Array(Float64Array.of(count, check).buffer), ring.counterAt);
      if (count !== 0.5) expect(writer.put(new Uint8Array(60))).toBeUndefined();
      file.write(new Uint8Array(Float64Array.of(1, -2).buffer), ring.counterAt);
      expect(writer.put(new Uint8Array(60))).toBeDefined();
    }
  });

  it('reads nothing outside of itself', () => {
    const reader = createRingReader(createFile(), ring);
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
