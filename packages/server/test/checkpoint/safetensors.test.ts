import { expect, test } from 'vitest';
import { encodeSafetensorsHead } from '../../src/checkpoint/safetensors.ts';

test('the head is the length, the JSON and padding to a multiple of eight', () => {
  const head = Buffer.from(
    encodeSafetensorsHead(
      [
        { name: 'a', shape: [2, 3], bytes: 24 },
        { name: 'b', shape: [1], bytes: 4 },
      ],
      { step: '7' },
    ),
  );
  const length = Number(head.readBigUInt64LE(0));
  expect(head.length).toBe(8 + length);
  expect(head.length % 8).toBe(0);
  expect(JSON.parse(head.subarray(8).toString())).toEqual({
    __metadata__: { step: '7' },
    a: { dtype: 'F32', shape: [2, 3], data_offsets: [0, 24] },
    b: { dtype: 'F32', shape: [1], data_offsets: [24, 28] },
  });
});
