import { expect, test } from 'vitest';

import { summarise } from '../src/measure/statistics.ts';

test('the median and the quartiles of an odd number of values are values', () => {
  expect(summarise([5, 1, 4, 2, 3])).toEqual({ median: 3, lower: 2, upper: 4 });
});

test('between values it is interpolated, as R does it by default', () => {
  expect(summarise([10, 20, 30, 40])).toEqual({ median: 25, lower: 17.5, upper: 32.5 });
});

test('one value is all three', () => {
  expect(summarise([7])).toEqual({ median: 7, lower: 7, upper: 7 });
});
