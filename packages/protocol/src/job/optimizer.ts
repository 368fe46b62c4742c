import type { OptimizerSettings } from '@paceline/math';
import { z } from 'zod';

import { realNumber, ruleOfType } from './values.ts';

const notNegative = realNumber('must be a number >= 0', (value) => value >= 0);

/**
 * Stochastic gradient descent, with classical or Nesterov momentum (Sutskever et al. 2013) and weight
 * decay, coupled (added to the gradient) or decoupled (Loshchilov and Hutter 2019).
 */
const sgd = z
  .strictObject({
    type: z.literal('sgd'),
    learningRate: realNumber('must be a number > 0', (value) => value > 0)
      .default(0.01)
      .describe('Size of a step along the gradient.'),
    momentum: realNumber('must be a number >= 0 and < 1', (value) => value >= 0 && value < 1)
      .default(0)
      .describe('Share of the last step kept in the next; 0 is none.'),
    nesterov: z.boolean().default(false).describe('Look ahead along the momentum.'),
    weightDecay: notNegative.default(0).describe('Pull of all weights towards 0.'),
    decoupledWeightDecay: z
      .boolean()
      .default(false)
      .describe('Apply weight decay to the weights instead of the gradient.'),
  })
  .refine((settings) => !settings.nesterov || settings.momentum > 0, {
    path: ['nesterov'],
    message: 'must be false without momentum',
  });

/** Check of the optimizer's settings: how a gradient becomes an update. */
export const optimizerSchema: z.ZodType<OptimizerSettings> = z.discriminatedUnion('type', [sgd], {
  error: ruleOfType('an optimizer such as { type: "sgd" }', ['sgd']),
});
