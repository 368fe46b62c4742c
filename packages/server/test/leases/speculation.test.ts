import { createSumTree } from '@paceline/math';
import { expect, test } from 'vitest';
import { speculate } from '../../src/leases/speculation.ts';
import type { Assignment, Round } from '../../src/leases/round.ts';
import { openRound, receiveNode } from '../../src/leases/round.ts';

/** Four microbatches, halved between workers 1 and 2; worker 1 has sent its half. */
function halfDone(more: readonly Assignment[] = []): Round {
  const tree = createSumTree(4);
  const assignments = [
    { worker: 1, first: 0, end: 2, sinceMs: 0 },
    { worker: 2, first: 2, end: 4, sinceMs: 0 },
    ...more,
  ];
  const round = openRound({
    kind: 'step',
    version: 7,
    tree,
    buckets: 1,
    assignments,
    learningRate: 1,
    nowMs: 0,
  });
  return receiveNode(round, 0, { level: 1, index: 0 }).round;
}

test('what takes more than twice the typical time and a tenth of a second goes to whoever is idle', () => {
  const options = { active: [1, 2, 3], leafMicros: 50_000 };
  expect(speculate(halfDone(), { ...options, nowMs: 300 })).toEqual([]);
  expect(speculate(halfDone(), { ...options, nowMs: 301 })).toEqual([
    { worker: 1, first: 2, end: 3, sinceMs: 301 },
    { worker: 3, first: 3, end: 4, sinceMs: 301 },
  ]);
});

test('nothing is assigned a third time, and nobody who is busy gets more', () => {
  const twice = halfDone([{ worker: 1, first: 2, end: 4, sinceMs: 300 }]);
  expect(speculate(twice, { active: [1, 2, 3], leafMicros: 50_000, nowMs: 9000 })).toEqual([]);
  expect(speculate(halfDone(), { active: [2], leafMicros: 50_000, nowMs: 9000 })).toEqual([]);
});

test('before anything was timed, a microbatch may take a second', () => {
  const options = { active: [1, 2], leafMicros: undefined };
  expect(speculate(halfDone(), { ...options, nowMs: 4000 })).toEqual([]);
  expect(speculate(halfDone(), { ...options, nowMs: 4200 })).toHaveLength(1);
});
