/**
 * Philox4x32-10: four random words from a counter and a key, with no state to keep.
 * Salmon, Moraes, Dror, Shaw: Parallel Random Numbers: As Easy as 1, 2, 3 (SC 2011), section 3.3 and table 2.
 */

/** Four 32-bit words: a counter, or a block of output. */
export type Words4 = readonly [number, number, number, number];

/** Two 32-bit words: a key. */
export type Words2 = readonly [number, number];

const rounds = 10;
/** Multipliers of the two S-boxes (M of table 2). */
const multiplier0 = 0xd2511f53;
const multiplier1 = 0xcd9e8d57;
/** What the key grows by each round: the golden ratio and sqrt(3) - 1, in 32 bits (section 3.3). */
const weyl0 = 0x9e3779b9;
const weyl1 = 0xbb67ae85;

/** One block: a bijection of the counter for each key. Words are taken modulo 2^32; the result is unsigned. */
export function philox4x32(counter: Words4, key: Words2): Words4 {
  let [c0, c1, c2, c3] = counter;
  let [k0, k1] = key;
  for (let round = 0; round < rounds; round += 1) {
    const high0 = multiplyHigh(multiplier0, c0);
    const high1 = multiplyHigh(multiplier1, c2);
    const low0 = Math.imul(multiplier0, c0);
    const low1 = Math.imul(multiplier1, c2);
    c0 = high1 ^ c1 ^ k0;
    c1 = low1;
    c2 = high0 ^ c3 ^ k1;
    c3 = low0;
    k0 = (k0 + weyl0) | 0;
    k1 = (k1 + weyl1) | 0;
  }
  return [c0 >>> 0, c1 >>> 0, c2 >>> 0, c3 >>> 0];
}

/** The upper 32 bits of the unsigned 64-bit product; by halves of 16 bits, because a double is exact to 53 bits only. */
function multiplyHigh(a: number, b: number): number {
  const aLow = a & 0xffff;
  const aHigh = a >>> 16;
  const bLow = b & 0xffff;
  const bHigh = b >>> 16;
  const middle = aHigh * bLow + ((aLow * bLow) >>> 16);
  const other = aLow * bHigh + (middle % 0x10000);
  return (aHigh * bHigh + Math.floor(middle / 0x10000) + Math.floor(other / 0x10000)) | 0;
}
