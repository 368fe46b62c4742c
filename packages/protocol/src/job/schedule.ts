import type { ScheduleSettings } from '@paceline/math';
import { z } from 'zod';

import { monitorFields, withMode } from './monitor.ts';
import { listOf, realNumber, ruleOfType, wholeNumber } from './values.ts';

const positive = realNumber('must be a number > 0', (value) => value > 0);
const notNegative = realNumber('must be a number >= 0', (value) => value >= 0);
const part = realNumber('must be a number from 0 to 1', (value) => value >= 0 && value <= 1);
const inside = realNumber('must be a number > 0 and < 1', (value) => value > 0 && value < 1);
const atLeastOne = realNumber('must be a number >= 1', (value) => value >= 1);

const warmup = {
  warmupSteps: wholeNumber(0).default(0).describe('Steps before the schedule; 0 is none.'),
  warmup: z
    .enum(['linear', 'constant'], 'must be linear or constant')
    .default('linear')
    .describe('How the rate gets to where the schedule begins.'),
  warmupFrom: part.default(0).describe('Part of that rate in the first step.'),
};

const factor = (meaning: string): z.ZodType<number> => positive.default(0.1).describe(meaning);
const end = notNegative.default(0).describe('Last rate, as a part of the first.');
const lengthSteps = wholeNumber(1)
  .exactOptional()
  .describe('How long it takes; default: as long as the run.');

const mostStairs = 1024;

const members = [
  z.strictObject({ type: z.literal('constant'), ...warmup }),
  z.strictObject({
    type: z.literal('step'),
    everySteps: wholeNumber(1).describe('Length of a stair.'),
    factor: factor('Multiplies the rate after each stair.'),
    ...warmup,
  }),
  z.strictObject({
    type: z.literal('multi-step'),
    atSteps: listOf(wholeNumber(0), mostStairs).describe('Where stairs end.'),
    factor: factor('Multiplies the rate after each stair.'),
    ...warmup,
  }),
  z.strictObject({
    type: z.literal('exponential'),
    everySteps: wholeNumber(1).describe('Steps in which the rate falls by the factor.'),
    factor: factor('Multiplies the rate in so many steps.'),
    staircase: z.boolean().default(false).describe('In stairs.'),
    ...warmup,
  }),
  z.strictObject({
    type: z.literal('polynomial'),
    power: positive.default(1).describe('1 is a line.'),
    end,
    lengthSteps,
    ...warmup,
  }),
  z.strictObject({
    type: z.literal('inverse-square-root'),
    scaleSteps: wholeNumber(1).describe('How long the rate stays.'),
    ...warmup,
  }),
  z.strictObject({
    type: z.literal('cosine'),
    end,
    lengthSteps,
    restarts: z
      .strictObject({
        lengthFactor: atLeastOne.default(1).describe('Length of a curve, in that before.'),
        heightFactor: positive.default(1).describe('Height of a curve, in that before.'),
      })
      .exactOptional()
      .describe('Begin again when a curve has ended.'),
    ...warmup,
  }),
  z.strictObject({
    type: z.literal('one-cycle'),
    up: inside.default(0.3).describe('Part of the length in which the rate grows.'),
    divideBy: positive.default(25).describe('The highest rate, in the first.'),
    finalDivideBy: positive.default(10_000).describe('The first rate, in the last.'),
    lengthSteps,
    ...warmup,
  }),
  z
    .strictObject({
      type: z.literal('reduce-on-plateau'),
      ...monitorFields({ patience: 10, minChange: 1e-4 }),
      factor: inside.default(0.1).describe('Multiplies the rate when training stalls.'),
      cooldown: wholeNumber(0).default(0).describe('Evaluations after that which do not count.'),
      end: notNegative.default(0).describe('Least rate, as a part of the first.'),
      ...warmup,
    })
    .transform(withMode),
  // The function stays in the job file, with the server.
  z.strictObject({ type: z.literal('function'), ...warmup }),
] as const;

/** Check of the schedule's settings: how the learning rate changes with the steps. What each does is documented in `math`. */
export const scheduleSchema: z.ZodType<ScheduleSettings> = z.discriminatedUnion('type', members, {
  error: ruleOfType('a schedule such as { type: "cosine" }', [
    ...['constant', 'step', 'multi-step', 'exponential', 'polynomial', 'inverse-square-root'],
    ...['cosine', 'one-cycle', 'reduce-on-plateau', 'function'],
  ]),
});
