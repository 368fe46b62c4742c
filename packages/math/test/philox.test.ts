import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { philox4x32 } from '../src/philox.ts';
import type { Words2, Words4 } from '../src/philox.ts';

const word = fc.integer({ min: 0, max: 0xffff_ffff });

/** The same function in 64-bit integers, as the paper writes it. */
function reference(counter: Words4, key: Words2): readonly number[] {
  let [c0, c1, c2, c3] = counter.map(BigInt) as [bigint, bigint, bigint, bigint];
  let [k0, k1] = key.map(BigInt) as [bigint, bigint];
  const low = (product: bigint): bigint => product & 0xffff_ffffn;
  for (let round = 0; round < 10; round += 1) {
    const a = 0xd2511f53n * c0;
    const b = 0xcd9e8d57n * c2;
    [c0, c1, c2, c3] = [(b >> 32n) ^ c1 ^ k0, low(b), (a >> 32n) ^ c3 ^ k1, low(a)];
    [k0, k1] = [low(k0 + 0x9e3779b9n), low(k1 + 0xbb67ae85n)];
  }
  return [c0, c1, c2, c3].map(Number);
}

describe('philox4x32', () => {
  // The philox4x32 10 lines of kat_vectors in the Random123 distribution.
  it.each<{ counter: Words4; key: Words2; block: Words4 }>([
    {
      counter: [0, 0, 0, 0],
      key: [0, 0],
      block: [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8],
    },
    {
      counter: [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
      key: [0xffffffff, 0xffffffff],
      block: [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
    },
    {
      counter: [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
      key: [0xa4093822, 0x299f31d0],
      block: [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
    },
  ])('answers the published vector for counter $counter', ({ counter, key, block }) => {
    expect(philox4x32(counter, key)).toEqual(block);
  });

  it('equals the definition in 64-bit integers for any counter and key', () => {
    const counters = fc.tuple(word, word, word, word);
    fc.assert(
      fc.property(counters, fc.tuple(word, word), (counter, key) => {
        expect(philox4x32(counter, key)).toEqual(reference(counter, key));
      }),
      { numRuns: 1000 },
    );
  });
});
