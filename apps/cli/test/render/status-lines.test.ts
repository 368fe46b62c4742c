import { expect, test } from 'vitest';
import { statusLines } from '../../src/render/status-lines.ts';

test('a status is a headline, a table of workers, and on whom the run waits', () => {
  const worker = { stage: 'active', phase: 'compute', lease: '0..3' };
  const lines = statusLines({
    job: 'digits',
    phase: 'training',
    step: 120,
    totalSteps: 1407,
    loss: 0.31,
    metrics: { accuracy: 0.91 },
    workers: [
      { name: 'w1', pid: 9, ...worker },
      { name: 'longer', pid: 123, ...worker, phase: 'idle' },
    ],
    waits: ['waiting for w1 (compute) for 0.1 s; ...'],
  });
  expect(lines).toEqual([
    'digits: training, step 120 of 1,407, loss 0.3100, accuracy 91.00 %',
    '2 workers',
    '  w1      pid 9    active  compute  microbatches 0..3',
    '  longer  pid 123  active  idle     microbatches 0..3',
    'waits: waiting for w1 (compute) for 0.1 s; ...',
  ]);
});
