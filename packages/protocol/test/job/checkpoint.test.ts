import { parseJob } from '@paceline/protocol';
import { expect, it } from 'vitest';

const plain = { model: () => undefined, loss: 'mse', data: { type: 'mnist' } };
const parse = (checkpoint: object) => parseJob({ ...plain, checkpoint }).settings.checkpoint;

it('a job may say nothing about checkpoints: three stay, and when they come follows by itself', () => {
  expect(parseJob(plain).settings.checkpoint).toEqual({ keep: 3 });
});

it('a job may say when checkpoints come and which stay', () => {
  const all = { everySteps: 100, everySeconds: 0.5, keep: 1, keepEverySteps: 1000 };
  expect(parse(all)).toEqual(all);
});

it.each([
  [{ everySteps: 0 }, 'checkpoint.everySteps: must be a whole number >= 1, got 0'],
  [{ everySeconds: 0 }, 'checkpoint.everySeconds: must be a number > 0, got 0'],
  [{ everySeconds: '5' }, 'checkpoint.everySeconds: must be a number > 0, got "5"'],
  [{ keep: 0 }, 'checkpoint.keep: must be a whole number >= 1, got 0'],
  [{ keepEverySteps: 1.5 }, 'checkpoint.keepEverySteps: must be a whole number >= 1, got 1.5'],
  [{ everySecond: 5 }, 'checkpoint.everySecond: unknown field'],
])('%j is one clear error', (checkpoint, words) => {
  expect(() => parse(checkpoint)).toThrow(words);
});
