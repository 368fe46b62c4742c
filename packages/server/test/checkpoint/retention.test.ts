import fc from 'fast-check';
import { expect, test } from 'vitest';
import { stepsToDelete } from '../../src/checkpoint/retention.ts';

test('all but the newest go, and multiples stay', () => {
  expect(stepsToDelete([0, 5, 10, 15, 20], 20, { keep: 2 })).toEqual([10, 5, 0]);
  expect(stepsToDelete([0, 5, 10, 15, 20], 20, { keep: 2, keepEverySteps: 10 })).toEqual([5]);
  expect(stepsToDelete([0, 5], 5, { keep: 2 })).toEqual([]);
});

test('the newest and the one just written never go, and as many stay as should', () => {
  const steps = fc.uniqueArray(fc.nat(50), { minLength: 1 });
  fc.assert(
    fc.property(steps, fc.integer({ min: 1, max: 5 }), fc.nat(), (valid, keep, pick) => {
      const written = valid[pick % valid.length] ?? 0;
      const gone = stepsToDelete(valid, written, { keep });
      expect(gone).not.toContain(Math.max(...valid));
      expect(gone).not.toContain(written);
      const stay = valid.filter((step) => !gone.includes(step));
      expect(stay.length).toBeGreaterThanOrEqual(Math.min(keep, valid.length));
      expect(stay.length).toBeLessThanOrEqual(keep + 1);
    }),
  );
});
