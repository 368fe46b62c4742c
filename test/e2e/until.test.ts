import { expect, test } from 'vitest';

import { jobFile, train } from '../support/paceline.ts';
import type { FinishedRun } from '../support/paceline.ts';
import { openScratch } from '../support/scratch.ts';

const job = jobFile('small.job.ts');
const stepsPerEpoch = 3;

test.each([
  { by: 'target', until: { steps: 3000, target: { metric: 'accuracy', atLeast: 0.6 } } },
  { by: 'converged', until: { epochs: 900, converged: { tolerance: 0.02, windowSteps: 10 } } },
  { by: 'steps', until: { steps: 20, epochs: 900, target: { atMost: -1 } } },
])('$by: the run ends at the same step for 1 and 3 workers', async ({ by, until }) => {
  using scratch = openScratch();
  const run = (workers: number): Promise<FinishedRun> =>
    train(scratch, job, { workers, backend: 'wasm', set: [`until=${JSON.stringify(until)}`] });
  const [one, three] = [await run(1), await run(3)];
  const { steps, weightsSha256, metrics, endedBy } = one.end;
  expect(endedBy).toBe(by);
  expect(three.end).toMatchObject({ steps, weightsSha256, metrics, endedBy });
  expect(one.evaluations.at(-1)).toMatchObject({ step: steps, metrics });
  expect(steps).toBeLessThan(900);
  if (by !== 'target') return;
  expect(steps % stepsPerEpoch).toBe(0);
  const accuracies = one.evaluations.map((each) => each.metrics['accuracy'] ?? NaN);
  expect(accuracies.at(-1)).toBeGreaterThanOrEqual(0.6);
  expect(Math.max(0, ...accuracies.slice(0, -1))).toBeLessThan(0.6);
});

test('seconds: the run ends when they are over', async () => {
  using scratch = openScratch();
  const set = ['until={"seconds":1}'];
  const { end } = await train(scratch, job, { workers: 1, backend: 'wasm', set });
  expect(end).toMatchObject({ status: 'finished', endedBy: 'seconds' });
  expect(end.wallSeconds).toBeGreaterThanOrEqual(1);
  expect(end.steps).toBeGreaterThan(10);
});
