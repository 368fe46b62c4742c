import { describe, expect, test } from 'vitest';
import type { Fault } from './faults/fault.ts';
import { faultKinds } from './faults/mischief.ts';
import type { Schedule } from './faults/schedule.ts';
import { drawSchedule } from './faults/schedule.ts';
import { runSchedule } from './run.ts';
import { shrinkSchedule } from './shrink.ts';

test('an undisturbed run ends with the bits of the plain JavaScript oracle', async () => {
  const { violation, steps, fired } = await runSchedule({ ...drawSchedule(1, 3), faults: [] });
  expect(violation).toBeUndefined();
  expect(steps).toBe(drawSchedule(1, 3).world.variant.steps);
  expect(fired).toEqual([]);
});

test.each([0, 1, 2, 3])('schedule %i has the same trace each time it runs', async (number) => {
  const first = await runSchedule(drawSchedule(7, number));
  const second = await runSchedule(drawSchedule(7, number));
  expect(second.trace).toBe(first.trace);
  expect(second.virtualMs).toBe(first.virtualMs);
});

test('other schedules, other traces', async () => {
  const traces = [];
  for (const number of [0, 1, 2]) traces.push((await runSchedule(drawSchedule(7, number))).trace);
  expect(new Set(traces).size).toBe(3);
});

const world: Schedule = {
  ...drawSchedule(1, 0),
  world: {
    variant: {
      batchSize: 6,
      microbatches: 5,
      steps: 6,
      bucketBytes: 32,
      everyEpochs: 1,
      checkpointSteps: 2,
      laterBatch: 8,
      averages: true,
      watches: true,
    },
    machines: ['w1', 'w2'].map((name) => ({ name, prepareMs: 50, leafMs: 20 })),
    minWorkers: 2,
    quality: { latencyMs: 2, jitterMs: 1, bytesPerMs: 1000 },
    writeMs: 20,
  },
};
const node = { on: 'node', machine: 'w2', version: 2, nth: 1, delayMs: 0 } as const;
const examples: { readonly [Kind in Fault['kind']]: Extract<Fault, { readonly kind: Kind }> } = {
  crash: { at: node, kind: 'crash', machine: 'w2', restartMs: 300 },
  'break-down': { at: node, kind: 'break-down', machine: 'w2' },
  nonsense: { at: node, kind: 'nonsense', machine: 'w2' },
  drain: { at: node, kind: 'drain', machine: 'w2', restartMs: 300 },
  pause: { at: node, kind: 'pause', machine: 'w2', forMs: 40_000 },
  slow: { at: node, kind: 'slow', machine: 'w2', factor: 50, forMs: 3000 },
  cut: { at: node, kind: 'cut', machine: 'w2' },
  partition: { at: node, kind: 'partition', machine: 'w2', way: 'up', forMs: 40_000 },
  delay: { at: node, kind: 'delay', machine: 'w2', addMs: 500, forMs: 3000 },
  throttle: { at: node, kind: 'throttle', machine: 'w2', bytesPerMs: 0.2, forMs: 3000 },
  linger: { at: node, kind: 'linger', machine: 'w2', forMs: 2000 },
  duplicate: { at: node, kind: 'duplicate', machine: 'w2', afterMs: 5, copies: 3 },
  malformed: { at: node, kind: 'malformed', machine: 'w2', damage: 'wrong-length' },
  stranger: { at: node, kind: 'stranger', says: 'garbage' },
  twin: { at: node, kind: 'twin', machine: 'w2' },
  join: { at: node, kind: 'join', machine: 'j1' },
  'clock-jump': { at: node, kind: 'clock-jump', machine: 'w2', ms: -86_400_000 },
  'server-crash': { at: node, kind: 'server-crash', restartMs: 500 },
  disk: { at: node, kind: 'disk', how: 'full', writes: 2 },
  operator: { at: node, kind: 'operator', does: 'pause', forMs: 5000 },
};

describe('each kind of fault strikes, and the run keeps its promises', () => {
  test.each(faultKinds)('%s', async (kind) => {
    const { fired, violation } = await runSchedule({ ...world, faults: [examples[kind]] });
    expect(fired.map((fault) => fault.kind)).toEqual([kind]);
    expect(violation).toBeUndefined();
  });
});

test('what makes a schedule fail is found among its faults', async () => {
  const { faults } = { faults: Object.values(examples) };
  const culprits = ['cut', 'disk'];
  const shrunk = await shrinkSchedule({ ...world, faults }, (candidate) => {
    const kinds = candidate.faults.map(({ kind }) => kind as string);
    return Promise.resolve(culprits.every((kind) => kinds.includes(kind)));
  });
  expect(shrunk.faults.map(({ kind }) => kind)).toEqual(culprits);
});
