import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { planBuckets } from '../src/buckets.ts';
import { createLayout } from '../src/layout.ts';
import { planSlots } from '../src/slots.ts';

const bucketsOf = (trainable: number, frozen: number, bytes: number) =>
  planBuckets(
    createLayout([
      { name: 's', shape: [3], section: 'scalars' },
      { name: 't', shape: [trainable], section: 'trainable' },
      { name: 'f', shape: [frozen], section: 'frozen' },
    ]),
    bytes,
  );

describe('planSlots', () => {
  it('leaves headroom in front of each bucket, and gives frozen ones no slot', () => {
    // 3 scalars at 128..140; 20 floats at align(140 + 100) = 256..336; 20 at align(336 + 100) = 448..528.
    expect(planSlots(bucketsOf(40, 5, 80), 100)).toEqual({
      bytes: 576,
      dataOffset: [128, 256, 448, -1],
      headroomBytes: 100,
    });
  });

  it('aligns all data to 64 bytes and never lets headroom and data of two buckets meet', () => {
    const count = fc.integer({ min: 1, max: 300 });
    fc.assert(
      fc.property(
        count,
        count,
        fc.integer({ min: 4, max: 400 }),
        fc.nat(300),
        (t, f, bytes, head) => {
          const buckets = bucketsOf(t, f, bytes);
          const slots = planSlots(buckets, head);
          let end = 0;
          for (const bucket of buckets) {
            const start = slots.dataOffset[bucket.index];
            if (bucket.section === 'frozen') {
              expect(start).toBe(-1);
            } else {
              expect(start).toSatisfy(
                (offset: number) => offset % 64 === 0 && offset - head >= end,
              );
              end = (start ?? 0) + bucket.length * 4;
            }
          }
          expect(slots.bytes).toBeGreaterThanOrEqual(end);
          expect(slots.bytes % 64).toBe(0);
        },
      ),
    );
  });
});
