import type { OptimizerSettings } from '../../src/optimizer/registry.ts';

type Type = OptimizerSettings['type'];

const decay = { weightDecay: 0, decoupledWeightDecay: false };
const moments = { learningRate: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 };

/** Complete settings of each optimizer. */
export const usualSettings: { readonly [T in Type]: Extract<OptimizerSettings, { type: T }> } = {
  sgd: {
    ...{ type: 'sgd', learningRate: 0.01, momentum: 0, nesterov: false, dampening: 0 },
    ...decay,
  },
  adagrad: {
    ...{ type: 'adagrad', learningRate: 0.001, initialAccumulatorValue: 0.1, epsilon: 1e-7 },
    ...decay,
  },
  rmsprop: {
    ...{ type: 'rmsprop', learningRate: 0.001, rho: 0.9, momentum: 0, centered: false },
    ...{ epsilon: 1e-7, epsilonInside: false, ...decay },
  },
  adadelta: { type: 'adadelta', learningRate: 0.001, rho: 0.95, epsilon: 1e-7, ...decay },
  adam: { type: 'adam', ...moments, amsgrad: false, ...decay },
  adamw: { type: 'adamw', ...moments, amsgrad: false, weightDecay: 0.004 },
  adamax: { type: 'adamax', ...moments, ...decay },
  nadam: { type: 'nadam', ...moments, momentumDecay: 0.004, ...decay },
  lion: { type: 'lion', learningRate: 0.001, beta1: 0.9, beta2: 0.99, weightDecay: 0 },
  lars: {
    ...{ type: 'lars', learningRate: 0.01, momentum: 0.9, nesterov: false, weightDecay: 0 },
    ...{ trustCoefficient: 0.001, adaptLayers: true },
  },
  lamb: { type: 'lamb', ...moments, weightDecay: 0, adaptLayers: true },
  adafactor: {
    ...{ type: 'adafactor', learningRate: 0.001, beta2Decay: -0.8, epsilon1: 1e-30 },
    ...{ epsilon2: 1e-3, clipThreshold: 1, relativeStep: true, weightDecay: 0 },
  },
};

/** Settings of an optimizer, complete: what is left out is as usual. */
export function settingsOf(
  part: { readonly type: Type } & Readonly<Record<string, unknown>>,
): OptimizerSettings {
  return { ...usualSettings[part.type], ...part } as OptimizerSettings;
}
