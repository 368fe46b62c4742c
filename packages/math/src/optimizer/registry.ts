/** All optimizers by type: a new member is a file beside this one and a line here. */
import { MathError } from '../errors.ts';
import type { Optimizer } from './optimizer.ts';
import { createSgd } from './sgd.ts';
import type { SgdSettings } from './sgd.ts';

/** The settings of any member; `type` says of which. */
export type OptimizerSettings = SgdSettings;

const optimizers: {
  readonly [Type in OptimizerSettings['type']]: (
    settings: Extract<OptimizerSettings, { readonly type: Type }>,
  ) => Optimizer;
} = {
  sgd: createSgd,
};

/** The types that {@link createOptimizer} knows. */
export const optimizerTypes: readonly string[] = Object.freeze(Object.keys(optimizers));

/**
 * Creates the optimizer that the settings name.
 * @throws {MathError} `unknown-optimizer`, or `bad-argument` for settings outside their domain.
 */
export function createOptimizer(settings: OptimizerSettings): Optimizer {
  // Settings may come from a job file of a newer version: the type alone does not protect here.
  if (!Object.hasOwn(optimizers, settings.type)) {
    throw new MathError(
      'unknown-optimizer',
      `no optimizer "${settings.type}"; there is ${optimizerTypes.join(', ')}`,
      { data: { type: settings.type, known: optimizerTypes } },
    );
  }
  return optimizers[settings.type](settings);
}
