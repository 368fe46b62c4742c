import { describe, expect, test } from 'vitest';

import { copyBytes } from '../src/copy-bytes.ts';

const bytes = (length: number): Uint8Array => Uint8Array.from({ length }, (_, i) => i * 7 + 3);

describe('copying bytes', () => {
  test.each([0, 1, 3, 7, 8, 64])('at an offset of %i, out of and into shared memory', (offset) => {
    const source = bytes(1000);
    const shared = new Uint8Array(new SharedArrayBuffer(2048), offset, 1100);
    copyBytes(shared, source);
    expect([...shared.subarray(0, 1000)]).toEqual([...source]);
    expect([...shared.subarray(1000)]).toEqual(Array.from({ length: 100 }, () => 0));

    const back = new Uint8Array(1024).subarray(5, 1005);
    copyBytes(back, shared.subarray(0, 1000));
    expect([...back]).toEqual([...source]);
  });

  test('of nothing changes nothing', () => {
    const target = bytes(4);
    copyBytes(target, new Uint8Array());
    expect([...target]).toEqual([...bytes(4)]);
  });

  test('refuses a source that is too long', () => {
    expect(() => {
      copyBytes(new Uint8Array(3), bytes(4));
    }).toThrow(RangeError);
  });
});
