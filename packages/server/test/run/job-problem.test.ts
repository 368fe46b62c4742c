import { expect, test } from 'vitest';
import { jobProblem } from '../../src/run/job-problem.ts';
import { transition } from '../../src/run/transition.ts';
import { arrive, begin, play } from '../support/play.ts';
import { toyJob, toyLayoutMessage } from '../support/toy-run.ts';

const layoutOf = (set: readonly string[]) => {
  const { settings } = toyJob(set);
  return { settings, layout: { kind: 'layout', ...toyLayoutMessage(settings) } as const };
};

test.each([
  ['schedule.type=constant', undefined],
  ['until={"earlyStopping":{}}', undefined],
  ['until={"target":{"metric":"gradientNorm","atMost":1}}', undefined],
  [
    'until={"target":{"metric":"accuracy","atLeast":1}}',
    'until.target: there is no metric "accuracy"; there is loss',
  ],
  [
    'until={"earlyStopping":{"metric":"gradientNorm"}}',
    'until.earlyStopping: there is no metric "gradientNorm"; there is loss',
  ],
  [
    'schedule={"type":"reduce-on-plateau","metric":"auc"}',
    'schedule: there is no metric "auc"; there is loss',
  ],
  [
    'schedule={"type":"cosine","warmupSteps":9}',
    'schedule: "cosine" takes as long as the run, but its 9 steps are all warm-up: give it lengthSteps',
  ],
  [
    'optimizer.groups=[{"match":"bias","weightDecay":0}]',
    `optimizer.groups: no parameter is called "bias"; the model's parameters are w, b, mean, frozen`,
  ],
])('%s: %s', (set, problem) => {
  const { settings, layout } = layoutOf([set]);
  expect(jobProblem(layout, { settings, ownSchedule: undefined })).toBe(problem);
});

test('a job that does not fit its model ends the run at the first layout; the worker is none the worse', () => {
  const { settings } = toyJob(['until={"target":{"metric":"accuracy","atLeast":1}}']);
  const { state, effects } = play(begin(1, { settings }), arrive(1));
  expect(state.end).toMatchObject({ status: 'failed' });
  expect(state.strikes.size).toBe(0);
  expect(effects).toContainEqual({
    kind: 'send',
    to: 1,
    message: { kind: 'finished', status: 'failed', steps: 0 },
  });
  expect(transition(state, { kind: 'tick', signs: new Map() }, 1).effects).toEqual([]);
});
