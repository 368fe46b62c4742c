import fc from 'fast-check';
import { expect, test } from 'vitest';
import { apportion, mergeRanges, subtractRanges } from '../../src/leases/apportion.ts';

const range = fc
  .tuple(fc.nat(40), fc.nat(20))
  .map(([first, size]) => ({ first, end: first + size }));

function membersOf(
  ranges: readonly { readonly first: number; readonly end: number }[],
): Set<number> {
  const members = ranges.flatMap(({ first, end }) =>
    Array.from({ length: end - first }, (_, i) => first + i),
  );
  return new Set(members);
}

test('apportioning 8 microbatches to 3 workers gives 2, 3 and 3', () => {
  expect(apportion({ first: 0, end: 8 }, 3)).toEqual([
    { first: 0, end: 2 },
    { first: 2, end: 5 },
    { first: 5, end: 8 },
  ]);
});

test('pieces follow each other, cover everything, and differ by one at most', () => {
  fc.assert(
    fc.property(range, fc.integer({ min: 1, max: 12 }), (whole, parts) => {
      const pieces = apportion(whole, parts);
      expect(pieces).toHaveLength(parts);
      expect(pieces[0]?.first).toBe(whole.first);
      expect(pieces.at(-1)?.end).toBe(whole.end);
      pieces.slice(1).forEach((piece, i) => {
        expect(piece.first).toBe(pieces[i]?.end);
      });
      const sizes = pieces.map((piece) => piece.end - piece.first);
      expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
    }),
  );
});

test('merging and subtracting ranges agree with sets of numbers', () => {
  fc.assert(
    fc.property(fc.array(range, { maxLength: 6 }), fc.array(range, { maxLength: 6 }), (a, b) => {
      expect(membersOf(mergeRanges(a))).toEqual(membersOf(a));
      expect(membersOf(subtractRanges(a, b))).toEqual(
        new Set([...membersOf(a)].filter((each) => !membersOf(b).has(each))),
      );
    }),
  );
});
