import { expect, test } from 'vitest';

import { goals, ratioOf, standingOf } from '../src/board/goals.ts';
import type { LimitGoal, RatioGoal } from '../src/board/goals.ts';
import { models } from '../src/board/models.ts';
import { serverNumbersBytes } from '../src/board/server-memory.ts';

const speed: RatioGoal = { peer: 'x', kind: 'speed', mustBe: 0.85, aim: 1.15 };
const time: RatioGoal = { peer: 'x', kind: 'time', mustBe: 1.6, aim: 1 };
const efficiency: RatioGoal = { peer: 'x', kind: 'efficiency', mustBe: 0.7, aim: 0.95 };

test('a ratio of speed is the peer’s time over ours, one of time the other way round', () => {
  expect(ratioOf(speed, 10, 8)).toBe(0.8);
  expect(ratioOf(time, 10, 8)).toBe(1.25);
});

test('two workers that take half of one’s time lose nothing', () => {
  expect(ratioOf(efficiency, 5, 10)).toBe(1);
  expect(ratioOf(efficiency, 10, 10)).toBe(0.5);
});

test('a figure reaches its aim, what it must be, or neither', () => {
  expect([1.2, 1.15, 0.9, 0.85, 0.84].map((ratio) => standingOf(speed, ratio))).toEqual([
    ...['aim', 'aim', 'must be', 'must be', 'missed'],
  ]);
  expect([0.9, 1, 1.6, 1.7].map((ratio) => standingOf(time, ratio))).toEqual([
    ...['aim', 'aim', 'must be', 'missed'],
  ]);
});

test('of an amount, less is better', () => {
  const memory: LimitGoal = { kind: 'bytes', subject: 'memory', mustBe: 150, aim: 80 };
  expect([80, 81, 150, 151].map((bytes) => standingOf(memory, bytes))).toEqual([
    ...['aim', 'must be', 'must be', 'missed'],
  ]);
});

test('what a server of 25 million parameters holds of them is 400 MB', () => {
  expect(serverNumbersBytes(25e6)).toBe(400e6);
});

test('every benchmark has goals, and no goal is without a benchmark', () => {
  expect(Object.keys(goals)).toEqual([...models.map(({ name }) => name), 'start', 'join']);
});
