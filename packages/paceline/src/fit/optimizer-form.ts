import type { OptimizerSettings } from '@paceline/math';
import type { TensorFlow } from '@paceline/training';

import type { OptimizerDefinition } from '../define-job.ts';
import { PacelineError } from '../errors.ts';

/** An optimizer of TensorFlow.js as the server has it. */
export interface OptimizerForm {
  readonly settings: OptimizerDefinition;
  /** The state vectors in the order of `getWeights`, each one tensor a weight. Undefined: tfjs does not give its state. */
  readonly slots: readonly SlotForm[] | undefined;
  /** What is not the same as in `fit`. */
  readonly notices: readonly string[];
}

/** A state vector: what it is called on the server, and by what it is multiplied there. */
export interface SlotForm {
  /** Undefined: the server has no such vector, as it would have no effect. */
  readonly slot: string | undefined;
  /** How tfjs ends the name of its tensors. */
  readonly suffix: string;
  readonly factor: number;
}

type Config = Readonly<Record<string, unknown>>;
type ReadForm = (config: Config) => OptimizerForm;

/**
 * Settings and slots of an optimizer of TensorFlow.js.
 *
 * @throws PacelineError `cannot-travel` for a class of the user's own, and for what has no counterpart
 */
export function optimizerForm(tf: TensorFlow, optimizer: object): OptimizerForm {
  // By the class itself: a subclass has the name of its parent, and may do anything.
  const read = readers(tf).find(([own]) => optimizer.constructor === own)?.[1];
  if (read !== undefined && 'getConfig' in optimizer) {
    return read((optimizer.getConfig as () => Config)());
  }
  throw new PacelineError(
    'cannot-travel',
    `The optimizer ${optimizer.constructor.name} is a class of this program, and the server has optimizers of its own. ` +
      'Compile the model with one of tf.train, or write a job file: optimizer: { type: ... } has more than tf.train.',
  );
}

function readers(tf: TensorFlow): readonly (readonly [object, ReadForm])[] {
  return [
    [tf.SGDOptimizer, (config) => form(settings('sgd', config), [])],
    [tf.MomentumOptimizer, momentum],
    [tf.AdagradOptimizer, adagrad],
    [tf.RMSPropOptimizer, rmsprop],
    [tf.AdadeltaOptimizer, adadelta],
    [tf.AdamOptimizer, adam],
    [tf.AdamaxOptimizer, adamax],
  ];
}

function momentum(config: Config): OptimizerForm {
  const share = numberOf(config, 'momentum');
  const nesterov = config['useNesterov'] === true && share > 0;
  return form({ ...settings('sgd', config), momentum: share, nesterov }, [
    vector(share > 0 ? 'velocity' : undefined, 'momentum'),
  ]);
}

function adagrad(config: Config): OptimizerForm {
  const initialAccumulatorValue = numberOf(config, 'initialAccumulatorValue');
  return form({ ...settings('adagrad', config), initialAccumulatorValue }, [
    vector('accumulator', 'accumulator'),
  ]);
}

/** Its moments have the learning rate in them; the server's velocity has not. */
function rmsprop(config: Config): OptimizerForm {
  const share = numberOf(config, 'momentum');
  const centered = config['centered'] === true;
  const moments = vector(share > 0 ? 'velocity' : undefined, 'momentum');
  return form(
    {
      ...settings('rmsprop', config),
      ...{ rho: numberOf(config, 'decay'), momentum: share, centered, epsilonInside: true },
      epsilon: numberOf(config, 'epsilon'),
    },
    [
      vector('mean-square', 'rms'),
      { ...moments, factor: 1 / numberOf(config, 'learningRate') },
      ...(centered ? [vector('mean', 'mg')] : []),
    ],
    centered
      ? ['Centered RMSProp of TensorFlow.js subtracts epsilon under the root; here it is added.']
      : [],
  );
}

function adadelta(config: Config): OptimizerForm {
  const { rho, epsilon } = { rho: numberOf(config, 'rho'), epsilon: numberOf(config, 'epsilon') };
  return form(
    { ...settings('adadelta', config), rho, epsilon },
    [vector('mean-square', 'accum_grad'), vector('mean-square-move', 'accum_var')],
    [
      'Adadelta of TensorFlow.js divides by the mean square before this gradient; here, as in the paper and in ' +
        'Keras, by that with it. Steps differ, the first ones much.',
    ],
  );
}

function adam(config: Config): OptimizerForm {
  const slots = [vector('mean', 'm'), vector('variance', 'v')];
  return form({ ...settings('adam', config), ...moments(config) }, slots);
}

function adamax(config: Config): OptimizerForm {
  if (config['decay'] !== 0) {
    throw new PacelineError(
      'cannot-travel',
      `adamax has the decay ${String(config['decay'])}, which there is not here. Give 0, and the option schedule.`,
    );
  }
  return {
    settings: { ...settings('adamax', config), ...moments(config) },
    slots: undefined,
    notices: [
      'Adamax of TensorFlow.js neither gives nor takes its state: each call of train begins with a new one.',
    ],
  };
}

function moments(config: Config): Record<'beta1' | 'beta2' | 'epsilon', number> {
  const [beta1, beta2] = [numberOf(config, 'beta1'), numberOf(config, 'beta2')];
  return { beta1, beta2, epsilon: numberOf(config, 'epsilon') };
}

function settings<T extends OptimizerSettings['type']>(
  type: T,
  config: Config,
): { readonly type: T; readonly learningRate: number } {
  return { type, learningRate: numberOf(config, 'learningRate') };
}

function form(
  definition: OptimizerDefinition,
  slots: readonly SlotForm[],
  notices: readonly string[] = [],
): OptimizerForm {
  return { settings: definition, slots, notices };
}

function vector(slot: string | undefined, suffix: string): SlotForm {
  return { slot, suffix, factor: 1 };
}

function numberOf(config: Config, name: string): number {
  const value = config[name];
  if (typeof value === 'number') return value;
  throw new PacelineError(
    'cannot-travel',
    `The optimizer's ${name} is ${String(value)}, where a number is needed.`,
  );
}
