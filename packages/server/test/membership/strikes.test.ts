import { expect, test } from 'vitest';
import { addStrike, quarantineReason } from '../../src/membership/strikes.ts';
import type { Strikes } from '../../src/membership/strikes.ts';

test('the third bad result of a name is one too many, and the last one is told', () => {
  const two = ['a', 'b'].reduce<Strikes>((all, why) => addStrike(all, 'w1', why), new Map());
  expect(quarantineReason(two, 'w1')).toBeUndefined();
  const three = addStrike(two, 'w1', 'c');
  expect(quarantineReason(three, 'w1')).toBe('3 bad results, the last one: c');
  expect(quarantineReason(three, 'w2')).toBeUndefined();
});
