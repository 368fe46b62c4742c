import type { RunEvent } from '@paceline/protocol';
import { describe, expect, it } from 'vitest';

import type { Callbacks } from '../../src/fit/callbacks.ts';
import { RunFollower } from '../../src/fit/follow-run.ts';
import { createInbox } from '../../src/fit/inbox.ts';
import { planLogs } from '../../src/fit/log-plan.ts';

/** Two epochs of two steps, 3 examples each; losses are the numbers of the steps. */
function follow(events: readonly object[], stopAfter = Infinity) {
  const told: string[] = [];
  const inbox = createInbox<RunEvent>();
  for (const event of events) inbox.push(event as RunEvent);
  inbox.close();
  const note = (text: string) => () => {
    told.push(text);
    return Promise.resolve();
  };
  const callbacks: Callbacks = {
    areThere: true,
    ofBatches: true,
    tell: (hook: string, index?: number, logs: object = {}) =>
      note(`${hook} ${String(index)} ${Object.values(logs).join(' ')}`.trim())(),
  };
  let epochs = 0;
  const follower = new RunFollower({
    shape: { examples: 3, batchSize: 2, firstEpoch: 0 },
    totalSteps: 4,
    plan: planLogs({ losses: ['hinge'], metrics: [[]] }, ['loss'], ['out']),
    callbacks,
    inbox,
    actions: {
      resume: note('resume'),
      save: note('save'),
      stop: () => told.push('stop'),
      takeWeights: (path) => told.push(`take ${path}`),
      wantsStop: () => epochs >= stopAfter,
      tellEpoch: () => (epochs += 1),
    },
  });
  return { told, follower };
}

const step = (number: number) => ({ type: 'step', step: number, loss: number, metrics: {} });
const hold = (number: number) => ({ type: 'hold', step: number });
const saved = (number: number) => ({
  type: 'checkpoint',
  step: number,
  path: `at-${String(number)}`,
});

const firstEpoch = [
  ...[
    'onEpochBegin 0',
    'onBatchBegin 0',
    'onBatchEnd 0 0 2 1',
    'onBatchBegin 1',
    'onBatchEnd 1 1 1 2',
  ],
];
// (2 x 1 + 1 x 2) / 3
const firstEnd = 'onEpochEnd 0 1.3333333333333333';

describe('whoever follows a run', () => {
  it('waits for the weights of an epoch, tells its end, and lets the run go on', async () => {
    const { told, follower } = follow([step(1), step(2), hold(2), saved(2), step(3), step(4)]);
    await follower.follow();
    await follower.finish();
    expect(told).toEqual([
      ...[...firstEpoch, 'take at-2', firstEnd, 'onEpochBegin 1', 'onBatchBegin 0', 'resume'],
      ...[
        'onBatchEnd 0 0 2 3',
        'onBatchBegin 1',
        'onBatchEnd 1 1 1 4',
        'onEpochEnd 1 3.3333333333333335',
      ],
    ]);
  });

  it('stops the run when a callback asks for it, and begins nothing more', async () => {
    const { told, follower } = follow([step(1), step(2), saved(2), hold(2)], 1);
    await follower.follow();
    await follower.finish();
    expect(told).toEqual([...firstEpoch, 'take at-2', firstEnd, 'stop']);
    expect(follower.isStopped).toBe(true);
  });

  it('asks for a checkpoint where the disk was busy with an earlier one', async () => {
    const { told, follower } = follow([step(1), step(2), hold(2), saved(0), saved(2)]);
    await follower.follow();
    expect(told.slice(firstEpoch.length, -3)).toEqual(['save', 'take at-2', firstEnd]);
  });

  it('tells nothing twice when a server crashes and computes steps once more', async () => {
    const again = [step(1), step(2), hold(2)];
    const { told, follower } = follow([step(1), step(2), saved(2), hold(2), ...again, step(3)]);
    await follower.follow();
    expect(told.filter((line) => line.startsWith('onBatchEnd'))).toHaveLength(3);
    expect(told.filter((line) => line === firstEnd)).toHaveLength(1);
    expect(told.filter((line) => line === 'resume')).toHaveLength(2);
  });

  it('does not wait for weights that a full disk did not take', async () => {
    const full = { type: 'fault', kind: 'disk', detail: 'the disk is full' };
    const { follower } = follow([step(1), step(2), hold(2), full]);
    await expect(follower.follow()).rejects.toThrow(
      'The callbacks wait for weights: the disk is full',
    );
  });
});
