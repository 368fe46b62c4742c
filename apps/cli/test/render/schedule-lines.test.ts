import { expect, it } from 'vitest';

import { scheduleLines } from '../../src/render/schedule-lines.ts';
import { runCli } from '../support/run-cli.ts';

it('draws a falling rate from the upper left to the lower right, and says what it is', () => {
  const steps = Array.from({ length: 100 }, (_, i) => i);
  const rates = steps.map((step) => 0.1 * (1 - step / 100));
  const lines = scheduleLines(
    { type: 'polynomial', totalSteps: 100, stepsPerEpoch: 10, steps, rates },
    60,
  );
  expect(lines.slice(0, 2)).toEqual([
    'polynomial: 0.1 at first, 0.1 at most, 0.001 at the end',
    '100 steps, 10 an epoch',
  ]);
  const curve = lines.filter((line) => /[┏┓┗┛━]/.test(line));
  const lefts = curve.map((line) => line.search(/[┏┓┗┛━]/));
  expect(curve.length).toBeGreaterThan(8);
  expect(lefts).toEqual([...lefts].sort((a, b) => a - b));
  expect(lines.at(-1)?.trim()).toMatch(/^0 +25 +50 +74 +99$/);
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(60);
});

it('knows the length of the run from its data', () => {
  // 2,048 examples in batches of 100 are 21 steps, twice.
  const schedule = 'schedule={"type":"multi-step","atSteps":[21],"factor":0.5}';
  const set = ['batchSize=100', 'until.epochs=2', 'optimizer.learningRate=1', schedule];
  const flags = set.flatMap((each) => ['--set', each]);
  const { code, stdout } = runCli('schedule', 'linear-regression', ...flags, '--json');
  expect(code).toBe(0);
  const { rates, totalSteps, stepsPerEpoch } = JSON.parse(stdout) as {
    readonly rates: readonly number[];
    readonly totalSteps: number;
    readonly stepsPerEpoch: number;
  };
  expect({ totalSteps, stepsPerEpoch }).toEqual({ totalSteps: 42, stepsPerEpoch: 21 });
  expect(rates).toEqual([...Array<number>(21).fill(1), ...Array<number>(21).fill(0.5)]);
});
