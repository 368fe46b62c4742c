import { describe, expect, it } from 'vitest';

import { createOptimizer, optimizerTypes } from '../../src/optimizer/registry.ts';
import type { OptimizerSettings } from '../../src/optimizer/registry.ts';

const sgd: OptimizerSettings = {
  type: 'sgd',
  learningRate: 0.1,
  momentum: 0.9,
  nesterov: true,
  weightDecay: 0,
  decoupledWeightDecay: false,
};

describe('createOptimizer', () => {
  it('creates the member that the settings name', () => {
    expect(createOptimizer(sgd)).toMatchObject({ type: 'sgd', slots: ['velocity'] });
    expect(optimizerTypes).toEqual(['sgd']);
  });

  it.each(['adagrad', 'toString', '__proto__'])('refuses the type %s in words', (type) => {
    expect(() => createOptimizer({ ...sgd, type: type as 'sgd' })).toThrow(
      expect.objectContaining({
        code: 'unknown-optimizer',
        message: `no optimizer "${type}"; there is sgd`,
      }),
    );
  });
});
