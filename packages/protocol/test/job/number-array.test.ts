import { expect, it } from 'vitest';

import { isNumberArray, shapeOf } from '../../src/job/number-array.ts';

it('sees the shape of nested lists of numbers', () => {
  expect(shapeOf([1, 2, 3])).toEqual([3]);
  expect(
    shapeOf([
      [[1], [2]],
      [[3], [4]],
      [[5], [6]],
    ]),
  ).toEqual([3, 2, 1]);
});

it.each([
  [[]],
  [[[]]],
  [[1, [2]]],
  [[[1], 2]],
  [[[1], [2, 3]]],
  [[[[1]], [1]]],
  [[1, NaN]],
  [[1, '2']],
  [['1']],
  ['12'],
  [null],
])('takes %j for no numbers of one shape', (value) => {
  expect(isNumberArray(value)).toBe(false);
});
