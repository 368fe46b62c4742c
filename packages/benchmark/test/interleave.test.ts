import { expect, test } from 'vitest';

import type { Contestant } from '../src/contestants/contestant.ts';
import { interleave } from '../src/measure/interleave.ts';

test('contestants take turns, and nobody always follows the same one', async () => {
  const order: string[] = [];
  const contestant = (name: string): Contestant => ({
    name,
    block: () => {
      order.push(name);
      return Promise.resolve({
        steps: 1,
        msPerStep: order.length,
        cpuMsPerStep: {},
        peakBytes: {},
      });
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  });
  const contestants = ['a', 'b', 'c'].map(contestant);
  const blocks = await interleave({ contestants, rounds: 3 });
  expect(order.join('')).toBe('abccbaabc');
  expect(blocks.get('b')?.map(({ msPerStep }) => msPerStep)).toEqual([2, 5, 8]);
});
