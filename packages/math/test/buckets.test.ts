import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { isGradientBucket, isParameterBucket, planBuckets } from '../src/buckets.ts';
import { createLayout } from '../src/layout.ts';
import type { ParameterLayout } from '../src/layout.ts';

function layoutOf(
  scalars: number,
  trainable: number,
  state: number,
  frozen: number,
): ParameterLayout {
  return createLayout([
    { name: 's', shape: [scalars], section: 'scalars' },
    { name: 't', shape: [trainable], section: 'trainable' },
    { name: 'u', shape: [state], section: 'state' },
    { name: 'f', shape: [frozen], section: 'frozen' },
  ]);
}

describe('planBuckets', () => {
  it('cuts each section into buckets of the given bytes, the last one smaller', () => {
    const buckets = planBuckets(layoutOf(3, 10, 4, 0), 16);
    expect(buckets.map(({ section, offset, length }) => [section, offset, length])).toEqual([
      ['scalars', 0, 3],
      ['trainable', 3, 4],
      ['trainable', 7, 4],
      ['trainable', 11, 2],
      ['state', 13, 4],
    ]);
  });

  it('rounds a size that is not whole floats down', () => {
    expect(planBuckets(layoutOf(0, 5, 0, 0), 11).map((bucket) => bucket.length)).toEqual([2, 2, 1]);
  });

  it('covers the flat vector once, in order, and never crosses a section', () => {
    const size = fc.nat(40);
    fc.assert(
      fc.property(size, size, size, size, fc.integer({ min: 4, max: 200 }), (a, b, c, d, bytes) => {
        const layout = layoutOf(a, b, c, d);
        const buckets = planBuckets(layout, bytes);
        let end = 0;
        for (const bucket of buckets) {
          const section = layout.sections[bucket.section];
          expect(bucket.offset).toBe(end);
          expect(bucket.length).toBeGreaterThan(0);
          expect(bucket.length * 4).toBeLessThanOrEqual(bytes);
          expect(bucket.offset).toBeGreaterThanOrEqual(section.offset);
          end = bucket.offset + bucket.length;
          expect(end).toBeLessThanOrEqual(section.offset + section.length);
        }
        expect(end).toBe(layout.length);
        expect(buckets.map((bucket) => bucket.index)).toEqual([...buckets.keys()]);
      }),
    );
  });

  it('sends scalars, gradients and state up, and parameters and state down', () => {
    const buckets = planBuckets(layoutOf(1, 1, 1, 1), 64);
    const names = (kept: typeof buckets): string[] => kept.map((bucket) => bucket.section);
    expect(names(buckets.filter(isGradientBucket))).toEqual(['scalars', 'trainable', 'state']);
    expect(names(buckets.filter(isParameterBucket))).toEqual(['trainable', 'state', 'frozen']);
  });

  it('refuses buckets that hold no float', () => {
    expect(() => planBuckets(layoutOf(1, 1, 1, 1), 3)).toThrow(
      'bucketBytes must be a whole number >= 4',
    );
  });
});
