import type {
  AverageSettings,
  ClipSettings,
  GroupSettings,
  OptimizerSettings,
} from '@paceline/math';
import { z } from 'zod';

import { listOf, realNumber, ruleOfType } from './values.ts';

const positive = realNumber('must be a number > 0', (value) => value > 0);
const notNegative = realNumber('must be a number >= 0', (value) => value >= 0);
const negative = realNumber('must be a number < 0', (value) => value < 0);
const share = realNumber('must be a number >= 0 and < 1', (value) => value >= 0 && value < 1);
const flag = z.boolean().default(false);

const rate = (usual: number): z.ZodType<number> =>
  positive.default(usual).describe('Size of a step.');
const epsilon = (usual: number): z.ZodType<number> =>
  notNegative.default(usual).describe('Keeps divisions from overflowing.');
const weightDecay = (usual: number): z.ZodType<number> =>
  notNegative.default(usual).describe('Pull of all weights towards 0.');

const decay = {
  weightDecay: weightDecay(0),
  decoupledWeightDecay: flag.describe('Apply weight decay to the weights instead of the gradient.'),
};

const momentum = share.default(0).describe('Share of the last step kept in the next; 0 is none.');
const nesterov = flag.describe('Look ahead along the momentum.');
const amsgrad = flag.describe('Divide by the largest mean square so far.');
const adaptLayers = z.boolean().default(true).describe('Give each tensor a rate of its own.');

const moments = {
  learningRate: rate(0.001),
  beta1: share.default(0.9).describe('What of the mean gradient stays in a step.'),
  beta2: share.default(0.999).describe('What of the mean square stays in a step.'),
  epsilon: epsilon(1e-7),
};

const clip: z.ZodType<ClipSettings> = z.strictObject({
  value: positive.exactOptional().describe('Largest size of an element of the gradient.'),
  norm: positive.exactOptional().describe('Largest norm of the gradient of a tensor.'),
  globalNorm: positive.exactOptional().describe('Largest norm of the whole gradient.'),
});

const mostGroups = 1024;
const pattern = z.string().min(1).max(1024);
const group: z.ZodType<GroupSettings> = z.strictObject({
  match: z
    .union([pattern, z.array(pattern).min(1).max(mostGroups)], 'must be a name, or a list of names')
    .describe('Names of parameters; * stands for any characters.'),
  learningRateFactor: notNegative.exactOptional().describe('Multiplies the learning rate.'),
  weightDecay: notNegative.exactOptional().describe('Instead of that of the optimizer.'),
  adaptLayers: z.boolean().exactOptional().describe('Instead of that of lars or lamb.'),
  frozen: z.boolean().exactOptional().describe('Not trained at all.'),
});

const average: z.ZodType<AverageSettings> = z.strictObject({
  decay: share.default(0.999).describe('What of the average stays in a step.'),
  warmup: z.boolean().default(true).describe('Stay close to the weights during the first steps.'),
});

/** What all optimizers have around them. */
const around = {
  clip: clip.exactOptional().describe('Bounds on the gradient.'),
  groups: listOf(group, mostGroups)
    .exactOptional()
    .describe('Parameters with settings of their own; the first that matches counts.'),
  average: average.exactOptional().describe('A moving average of the weights.'),
};

const nesterovRule = {
  path: ['nesterov'],
  message: 'must be false without momentum',
};

const sgd = z
  .strictObject({
    type: z.literal('sgd'),
    learningRate: rate(0.01),
    ...{ momentum, nesterov },
    dampening: share.default(0).describe('What of the gradient does not enter the momentum.'),
    ...decay,
    ...around,
  })
  .refine((settings) => !settings.nesterov || settings.momentum > 0, nesterovRule)
  .refine((settings) => !settings.nesterov || settings.dampening === 0, {
    path: ['dampening'],
    message: 'must be 0 with nesterov',
  });

const adagrad = z.strictObject({
  type: z.literal('adagrad'),
  learningRate: rate(0.001),
  initialAccumulatorValue: notNegative.default(0.1).describe('Sum of squares at first.'),
  epsilon: epsilon(1e-7),
  ...decay,
  ...around,
});

const rmsprop = z.strictObject({
  type: z.literal('rmsprop'),
  learningRate: rate(0.001),
  rho: share.default(0.9).describe('What of the mean square stays in a step.'),
  momentum,
  centered: flag.describe('Divide by the variance instead of the mean square.'),
  epsilonInside: flag.describe('Add epsilon under the root, as Keras and TensorFlow.js do.'),
  epsilon: epsilon(1e-7),
  ...decay,
  ...around,
});

const adadelta = z.strictObject({
  type: z.literal('adadelta'),
  learningRate: rate(0.001),
  rho: share.default(0.95).describe('What of the mean squares stays in a step.'),
  epsilon: positive.default(1e-7).describe('Size of the first steps, squared.'),
  ...decay,
  ...around,
});

const adam = z.strictObject({ type: z.literal('adam'), ...moments, amsgrad, ...decay, ...around });

const adamw = z.strictObject({
  type: z.literal('adamw'),
  ...moments,
  amsgrad,
  weightDecay: weightDecay(0.004),
  ...around,
});

const adamax = z.strictObject({ type: z.literal('adamax'), ...moments, ...decay, ...around });

const nadam = z.strictObject({
  type: z.literal('nadam'),
  ...moments,
  momentumDecay: notNegative.default(0.004).describe('How fast the momentum grows to beta1.'),
  ...decay,
  ...around,
});

const lion = z.strictObject({
  type: z.literal('lion'),
  learningRate: rate(0.001),
  beta1: share.default(0.9).describe('What of the mean gradient is in a step.'),
  beta2: share.default(0.99).describe('What of the mean gradient stays.'),
  weightDecay: weightDecay(0),
  ...around,
});

const lars = z
  .strictObject({
    type: z.literal('lars'),
    learningRate: rate(0.01),
    momentum: share.default(0.9).describe('Share of the last step kept in the next; 0 is none.'),
    nesterov,
    weightDecay: weightDecay(0),
    trustCoefficient: positive.default(0.001).describe('Part of its norm that a tensor moves by.'),
    adaptLayers,
    ...around,
  })
  .refine((settings) => !settings.nesterov || settings.momentum > 0, nesterovRule);

const lamb = z.strictObject({
  type: z.literal('lamb'),
  ...moments,
  weightDecay: weightDecay(0),
  adaptLayers,
  ...around,
});

const adafactor = z.strictObject({
  type: z.literal('adafactor'),
  learningRate: rate(0.001),
  beta2Decay: negative.default(-0.8).describe('How the share of the mean square falls with steps.'),
  epsilon1: positive.default(1e-30).describe('Added to squares.'),
  epsilon2: notNegative.default(0.001).describe('Least size that a tensor is taken to have.'),
  clipThreshold: positive.default(1).describe('Largest root mean square of a step.'),
  relativeStep: z.boolean().default(true).describe('Let the rate fall with 1 / sqrt(step).'),
  weightDecay: weightDecay(0),
  ...around,
});

/** Check of the optimizer's settings: how a gradient becomes an update. What each does is documented in `math`'s optimizers. */
export const optimizerSchema: z.ZodType<OptimizerSettings> = z.discriminatedUnion(
  'type',
  [sgd, adagrad, rmsprop, adadelta, adam, adamw, adamax, nadam, lion, lars, lamb, adafactor],
  {
    error: ruleOfType('an optimizer such as { type: "adam" }', [
      ...['sgd', 'adagrad', 'rmsprop', 'adadelta', 'adam', 'adamw', 'adamax', 'nadam', 'lion'],
      ...['lars', 'lamb', 'adafactor'],
    ]),
  },
);
