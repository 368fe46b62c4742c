import type { RunEvent } from '@paceline/protocol';
import { expect, test } from 'vitest';
import { progressBar, progressLine } from '../../src/render/progress-line.ts';
import { emptyRunView, nextRunView, secondsLeft } from '../../src/render/run-view.ts';
import type { RunView } from '../../src/render/run-view.ts';
import { summaryLines } from '../../src/render/summary.ts';
import * as events from '../support/events.ts';

const start: RunEvent = { ...events.start, totalSteps: 1000 };

function step(n: number): RunEvent {
  return events.step(n, { loss: 0.31, metrics: { accuracy: 0.91 } });
}

function viewAfter(...happened: readonly (readonly [RunEvent, number])[]): RunView {
  return happened.reduce((view, [event, nowMs]) => nextRunView(view, event, nowMs), emptyRunView);
}

test('the line says step, epoch, loss, metric, speed, workers and the time left', () => {
  const view = viewAfter([start, 0], [step(100), 1000], [step(200), 2000]);
  expect(secondsLeft(view, 2000)).toBe(8); // 100 steps a second, 800 to go
  expect(progressLine(view, 2000)).toBe(
    'step 200/1,000  epoch 1  loss 0.3100  accuracy 91.00 %  12,345 examples/s  2 workers  8.0 s left',
  );
});

test('before the first step the line says what is there', () => {
  expect(progressLine(emptyRunView, 0)).toBe('starting: 0 workers there');
  expect(progressLine(viewAfter([start, 0]), 0)).toBe('first step under way');
});

test('the bar fills with the steps', () => {
  expect(progressBar(viewAfter([start, 0], [step(250), 1]), 8)).toBe('[##......]');
  expect(progressBar(emptyRunView, 8)).toBe('');
});

test('after a roll-back the pace is measured anew', () => {
  const view = viewAfter([start, 0], [step(500), 1000], [step(400), 2000], [step(410), 3000]);
  expect(secondsLeft(view, 3000)).toBe(59);
});

test('the summary has result, speed, model and hash; without an end there is none', () => {
  expect(summaryLines(emptyRunView)).toEqual([]);
  const view = viewAfter(
    [{ type: 'evaluation', step: 3, loss: 0.25, metrics: { accuracy: 0.975 } }, 0],
    [
      {
        ...events.end,
        steps: 3,
        loss: 0.5,
        metrics: {},
        weightsSha256: 'ab',
        examplesPerSecond: 10,
        wallSeconds: 2,
        model: 'runs/x/model',
      },
      0,
    ],
  );
  expect(summaryLines(view)).toEqual([
    'Finished 3 steps in 2.0 s',
    '  test     accuracy 97.50 %, loss 0.2500',
    '  train    loss 0.5000',
    '  speed    10 examples/s',
    '  model    runs/x/model',
    '  weights  sha256 ab',
  ]);
});
