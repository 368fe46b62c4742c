import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { createArena } from '../../src/arena.ts';
import { anyFloat, bitsOf } from '../support/floats.ts';

const arena = createArena({ maximumBytes: 2 ** 20 });
const { kernels } = arena;
const room = 80;

/** A vector at an address that is a multiple of 4 only, between guards that must survive. */
interface Placed {
  readonly pointer: number;
  readonly values: Float32Array;
  guardsAreIntact(): boolean;
}

/** Float offsets of operands inside their 64-byte aligned room. */
const shift = fc.integer({ min: 1, max: 8 });

const anywhere = arena.allocate(room * 4 + 3);
const areas = [0, 1, 2].map(() => arena.allocate(room * 4));

function place(area: number, offset: number, values: readonly number[]): Placed {
  const base = areas[area] ?? 0;
  const all = arena.float32(base, room).fill(-77);
  const pointer = base + offset * 4;
  all.set(values, offset);
  return {
    pointer,
    values: arena.float32(pointer, values.length),
    guardsAreIntact: () => all[offset - 1] === -77 && all[offset + values.length] === -77,
  };
}

/** Two vectors of one length from 0 to 67. */
const pairs = fc
  .array(fc.tuple(anyFloat, anyFloat), { maxLength: 67, size: 'max' })
  .map((pairs) => ({ left: pairs.map(([a]) => a), right: pairs.map(([, b]) => b) }));

const at = (values: readonly number[], i: number): number => values[i] ?? NaN;

describe('add', () => {
  it('equals Math.fround(a + b) for any floats, lengths and addresses', () => {
    fc.assert(
      fc.property(pairs, shift, shift, shift, ({ left, right }, i, j, k) => {
        const a = place(0, i, left);
        const b = place(1, j, right);
        const sum = place(
          2,
          k,
          left.map(() => 5),
        );
        kernels.add(sum.pointer, a.pointer, b.pointer, left.length);
        expect(bitsOf(sum.values)).toEqual(
          bitsOf(left.map((x, n) => Math.fround(x + at(right, n)))),
        );
        expect(bitsOf(a.values)).toEqual(bitsOf(left));
        expect([a, b, sum].every((placed) => placed.guardsAreIntact())).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('may write over either operand', () => {
    fc.assert(
      fc.property(pairs, shift, shift, fc.boolean(), ({ left, right }, i, j, overLeft) => {
        const a = place(0, i, left);
        const b = place(1, j, right);
        const into = overLeft ? a : b;
        kernels.add(into.pointer, a.pointer, b.pointer, left.length);
        expect(bitsOf(into.values)).toEqual(
          bitsOf(left.map((x, n) => Math.fround(x + at(right, n)))),
        );
      }),
    );
  });

  it('does not flush subnormals: 1e-40 + 2e-40 is not 0', () => {
    const a = place(0, 1, [1e-40]);
    const b = place(1, 1, [2e-40]);
    kernels.add(a.pointer, a.pointer, b.pointer, 1);
    expect(a.values[0]).toBe(Math.fround(Math.fround(1e-40) + Math.fround(2e-40)));
    expect(a.values[0]).toBeGreaterThan(2.9e-40);
  });
});

describe('addScaled', () => {
  it('equals fround(base + fround(scale x from)), with two roundings, for any floats, lengths and addresses', () => {
    fc.assert(
      fc.property(
        pairs,
        anyFloat,
        shift,
        shift,
        fc.boolean(),
        ({ left, right }, scale, i, j, over) => {
          const base = place(0, i, left);
          const from = place(1, j, right);
          const into = over
            ? base
            : place(
                2,
                i,
                left.map(() => 5),
              );
          kernels.addScaled(into.pointer, base.pointer, from.pointer, scale, left.length);
          const expected = left.map((x, n) => Math.fround(x + Math.fround(scale * at(right, n))));
          expect(bitsOf(into.values)).toEqual(bitsOf(expected));
          expect([base, from, into].every((placed) => placed.guardsAreIntact())).toBe(true);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('has no fused multiply-add: (1 + 2^-12)^2 - (1 + 2^-11) is 0 after rounding the square', () => {
    const x = 1 + 2 ** -12;
    const base = place(0, 1, [-(1 + 2 ** -11)]);
    const from = place(1, 1, [x]);
    kernels.addScaled(base.pointer, base.pointer, from.pointer, x, 1);
    expect(base.values[0]).toBe(0);
  });

  it('rounds the scale to Float32 first', () => {
    const base = place(0, 1, [0]);
    const from = place(1, 1, [3]);
    kernels.addScaled(base.pointer, base.pointer, from.pointer, 0.1, 1);
    expect(base.values[0]).toBe(Math.fround(Math.fround(0.1) * 3));
  });
});

describe('copy', () => {
  it('copies every bit, payloads of NaN included, and nothing else', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 268 }), shift, shift, (bytes, i, j) => {
        const count = bytes.length >> 2;
        const from = place(
          0,
          i,
          Array.from({ length: count }, () => 0),
        );
        const into = place(
          1,
          j,
          Array.from({ length: count }, () => 0),
        );
        arena.bytes(from.pointer, count * 4).set(bytes.subarray(0, count * 4));
        kernels.copy(into.pointer, from.pointer, count);
        expect(Buffer.from(arena.bytes(into.pointer, count * 4))).toEqual(
          Buffer.from(bytes.subarray(0, count * 4)),
        );
        expect(into.guardsAreIntact()).toBe(true);
      }),
    );
  });
});

describe('addChecked', () => {
  it('adds as add does, and knows of both whether they are finite, at any alignment to a byte', () => {
    const vectors = fc.array(fc.tuple(anyFloat, anyFloat), { maxLength: 67, size: 'max' });
    fc.assert(
      fc.property(vectors, shift, fc.nat(3), (pairs, i, byte) => {
        const left = place(
          0,
          i,
          pairs.map(([value]) => value),
        );
        const given = place(
          1,
          i,
          pairs.map(([, value]) => value),
        );
        const unaligned = anywhere + byte;
        const bytes = arena.bytes(given.pointer, pairs.length * 4).slice();
        arena.bytes(unaligned, bytes.length).set(bytes);
        const sum = place(
          2,
          i,
          pairs.map(() => 0),
        );
        kernels.add(sum.pointer, left.pointer, given.pointer, pairs.length);
        const checked = kernels.addChecked(left.pointer, left.pointer, unaligned, pairs.length);
        expect(bitsOf(left.values)).toEqual(bitsOf(sum.values));
        expect(checked).toEqual({
          isRightFinite: given.values.every(Number.isFinite),
          isSumFinite: sum.values.every(Number.isFinite),
        });
        expect(left.guardsAreIntact()).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('a sum of finite numbers may be infinite, and one of infinities is not finite either', () => {
    const [left, right] = [place(0, 0, [3e38]), place(1, 0, [3e38])];
    expect(kernels.addChecked(left.pointer, left.pointer, right.pointer, 1)).toEqual({
      isRightFinite: true,
      isSumFinite: false,
    });
    const [one, infinite] = [place(0, 0, [1]), place(1, 0, [-Infinity])];
    expect(kernels.addChecked(one.pointer, one.pointer, infinite.pointer, 1)).toEqual({
      isRightFinite: false,
      isSumFinite: false,
    });
  });
});

describe('isFinite', () => {
  it('is what Number.isFinite says of all of them', () => {
    const vectors = fc.array(anyFloat, { maxLength: 67, size: 'max' });
    fc.assert(
      fc.property(vectors, shift, (values, i) => {
        const placed = place(0, i, values);
        expect(kernels.isFinite(placed.pointer, values.length)).toBe(values.every(Number.isFinite));
      }),
      { numRuns: 300 },
    );
  });

  it('finds one bad number at each place of each length, and ignores what lies outside', () => {
    for (let length = 0; length <= 67; length += 1) {
      const good = Array.from({ length }, (_, i) => (i % 2 === 0 ? 3.4028234663852886e38 : -1e-45));
      const placed = place(0, 1, good);
      arena.float32(placed.pointer - 4, 1)[0] = NaN;
      arena.float32(placed.pointer + length * 4, 1)[0] = Infinity;
      expect(kernels.isFinite(placed.pointer, length)).toBe(true);
      for (let i = 0; i < length; i += 1) {
        for (const bad of [NaN, -NaN, Infinity, -Infinity]) {
          placed.values[i] = bad;
          expect(kernels.isFinite(placed.pointer, length)).toBe(false);
        }
        placed.values[i] = 0;
      }
    }
  });

  it('knows NaN of every sign and payload', () => {
    const placed = place(0, 1, [0]);
    const word = new Uint32Array(arena.memory.buffer, placed.pointer, 1);
    for (const bits of [0x7f800001, 0x7fffffff, 0xff800001, 0xffffffff, 0x7fc00000]) {
      word[0] = bits;
      expect(kernels.isFinite(placed.pointer, 1)).toBe(false);
    }
  });
});
