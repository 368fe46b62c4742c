import { describe, expect, it } from 'vitest';
import { nearestName } from '../src/nearest-name.ts';

describe('the nearest name', () => {
  it.each([
    ['acuracy', 'accuracy'],
    ['MeanSquareError', 'meanSquaredError'],
    ['xyz', undefined],
  ])('of %s is %s', (wrong, nearest) => {
    expect(nearestName(wrong, ['accuracy', 'meanSquaredError', 'hinge'])).toBe(nearest);
  });
});
