import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { counterBytes, createRingReader, createRingWriter } from '../../src/lane/ring.ts';
import type { SharedFile } from '../../src/lane/shared-file.ts';

const ring = { start: 64, bytes: 100, counterAt: 0 };

/** A file in this process's memory. */
function createFile(): SharedFile & { readonly bytes: Uint8Array } {
  const bytes = new Uint8Array(ring.start + ring.bytes);
  return {
    path: '',
    bytes,
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
    const property = fc.property(sizes, fc.array(fc.boolean()), (frames, reads) => {
      const file = createFile();
      const [writer, reader] = [createRingWriter(file, ring), createRingReader(file, ring)];
      const waiting: Uint8Array[] = [];
      const readOne = (): void => {
        const expected = waiting.shift();
        if (expected === undefined) return;
        const into = new Uint8Array(expected.length);
        reader.take(into);
        expect(into).toEqual(expected);
      };
      frames.forEach((length, index) => {
        const frame = new Uint8Array(length).fill(index + 1);
        const held = waiting.reduce((sum, each) => sum + each.length, 0);
        const fits = held + length <= ring.bytes;
        expect(writer.put(frame)).toBe(fits);
        if (fits) waiting.push(frame);
        if (reads[index] === true) readOne();
      });
      while (waiting.length > 0) readOne();
    });
    fc.assert(property, { numRuns: 300 });
  });

  it('believes no counter that is half written, or says what cannot be', () => {
    for (const [count, check] of [
      [50, 0],
      [200, -201],
      [-10, 9],
      [Number.NaN, Number.NaN],
    ] as const) {
      const file = createFile();
      const writer = createRingWriter(file, ring);
      expect(writer.put(new Uint8Array(60))).toBe(true);
      file.write(new Uint8Array(Float64Array.of(count, check).buffer), ring.counterAt);
      expect(writer.put(new Uint8Array(60))).toBe(false);
      file.write(new Uint8Array(Float64Array.of(60, -61).buffer), ring.counterAt);
      expect(writer.put(new Uint8Array(60))).toBe(true);
    }
    expect(counterBytes).toBe(16);
  });
});
