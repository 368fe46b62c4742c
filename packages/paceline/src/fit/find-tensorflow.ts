import { createRequire } from 'node:module';

import type { TensorFlow } from '@paceline/training';

import { PacelineError } from '../errors.ts';

/** A model of tf.layers. */
export type LayersModel = InstanceType<TensorFlow['LayersModel']>;

/**
 * The copy of TensorFlow.js that a model was built with: the one that was given, or one that this process has loaded. Never
 * loads another: two copies have two registries.
 *
 * @throws PacelineError `not-a-model`, `tensorflow-not-found`
 */
export function findTensorFlow(model: unknown, given?: unknown): TensorFlow {
  if (given !== undefined && isModuleOf(given, model)) return given;
  const found = loadedModules().find((each) => isModuleOf(each, model));
  if (found !== undefined) return found;
  if (typeof model !== 'object' || model === null || !('layers' in model)) {
    const words = 'train(model, data, options) takes a tf.LayersModel (tf.sequential, tf.model)';
    throw new PacelineError('not-a-model', `${words}; got ${describe(model)}.`);
  }
  throw new PacelineError(
    'tensorflow-not-found',
    given === undefined
      ? 'The copy of TensorFlow.js that built the model is not among the packages that were loaded. Give it: { tf }.'
      : 'The option tf is not the copy of TensorFlow.js that built the model.',
  );
}

function describe(model: unknown): string {
  return typeof model === 'object' && model !== null
    ? `a ${model.constructor.name}`
    : String(model);
}

/** Packages that `import` and `require` have loaded; both keep them here. */
function loadedModules(): readonly unknown[] {
  const loaded = createRequire(import.meta.url).cache;
  return Object.entries(loaded)
    .filter(([path]) => /[\\/]@tensorflow[\\/]tfjs/.test(path))
    .map(([, each]) => each?.exports as unknown);
}

function isModuleOf(candidate: unknown, model: unknown): candidate is TensorFlow {
  if (typeof candidate !== 'object' || candidate === null || !('LayersModel' in candidate)) {
    return false;
  }
  const { LayersModel, tensor } = candidate as Partial<TensorFlow>;
  const isWhole = typeof LayersModel === 'function' && typeof tensor === 'function';
  return isWhole && model instanceof LayersModel;
}
