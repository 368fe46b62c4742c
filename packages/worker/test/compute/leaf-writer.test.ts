import { createArena, createLayout, planBuckets, planSlots } from '@paceline/math';
import { expect, test } from 'vitest';
import { createLeafWriter } from '../../src/compute/leaf-writer.ts';

const layout = createLayout([
  { name: 'scalars', shape: [2], section: 'scalars' },
  { name: 'w', shape: [7], section: 'trainable' },
  { name: 'fixed', shape: [3], section: 'frozen' },
]);
const buckets = planBuckets(layout, 12);
const slots = planSlots(buckets, 128);
const arena = createArena({ maximumBytes: 2 ** 20 });

test("a tensor that lies across buckets lands in each bucket's slot", () => {
  const pointer = arena.allocate(slots.bytes);
  const write = createLeafWriter(arena, buckets, slots)(pointer, () => undefined);
  write(2, Float32Array.from([1, 2, 3, 4, 5, 6, 7]));
  write(0, Float32Array.from([8, 9]));
  const read = (bucket: number): readonly number[] => {
    const length = buckets[bucket]?.length ?? 0;
    return [...arena.float32(pointer + (slots.dataOffset[bucket] ?? 0), length)];
  };
  expect([read(0), read(1), read(2), read(3)]).toEqual([[8, 9], [1, 2, 3], [4, 5, 6], [7]]);
  expect(slots.dataOffset[4]).toBe(-1);
});

test('buckets are complete with their last element, of whatever piece; of the last ones nobody hears', () => {
  const told: (readonly number[])[] = [];
  const open = createLeafWriter(arena, buckets, slots, 0);
  const write = open(arena.allocate(slots.bytes), (complete) => told.push(complete));
  write(4, Float32Array.from([3, 4, 5, 6, 7]));
  expect(told).toEqual([[2], [3]]);
  write(0, Float32Array.from([8, 9]));
  expect(told).toEqual([[2], [3], [0]]);
  write(2, Float32Array.from([1, 2]));
  expect(told).toEqual([[2], [3], [0]]);
});

test('one hears of complete buckets when they are worth a message, and of all that are by then', () => {
  const told: (readonly number[])[] = [];
  const open = createLeafWriter(arena, buckets, slots, 20);
  const write = open(arena.allocate(slots.bytes), (complete) => told.push(complete));
  write(0, Float32Array.from([8, 9]));
  expect(told).toEqual([]);
  write(5, Float32Array.from([4, 5, 6, 7]));
  expect(told).toEqual([[0, 2]]);
  write(2, Float32Array.from([1, 2, 3]));
  expect(told).toEqual([[0, 2]]);
});
