/** Where the LayersModel of a job comes from: its function, or a topology in the settings. */
import type { LayersModel } from '@tensorflow/tfjs';
import type { TensorFlow } from '../backend/interface.ts';
import { TrainingError, messageOf } from '../errors.ts';
import type { ModelFunction, TrainingJob } from '../job.ts';
import { withKeyedMathRandomAsync } from '../keyed-math-random.ts';
import { keyedRandom } from '../random-streams.ts';
import { allLayers, weightsInOrder } from './layer-tree.ts';

/**
 * Builds the model with its initial weights keyed by the seed.
 * @throws {TrainingError} `bad-model` when it cannot be built or is no LayersModel, `unsupported-model`.
 */
export async function buildLayersModel(tf: TensorFlow, job: TrainingJob): Promise<LayersModel> {
  const random = keyedRandom('modelBuilding', job.settings.seed);
  const model = await withKeyedMathRandomAsync(random, () => build(tf, job));
  checkIsLayersModel(tf, model);
  // A Sequential model makes its inputs and outputs late.
  if (!model.built) model.build([]);
  checkSupported(model);
  return model;
}

async function build(tf: TensorFlow, { settings, functions }: TrainingJob): Promise<LayersModel> {
  try {
    if (settings.model.type === 'layers') {
      const { modelFromJSON } = tf.models;
      return await modelFromJSON(settings.model.topology as Parameters<typeof modelFromJSON>[0]);
    }
    if (typeof functions.model !== 'function') {
      throw new TrainingError('bad-model', 'model: the job has no model function on this machine');
    }
    return await (functions.model as ModelFunction)(tf);
  } catch (error) {
    if (error instanceof TrainingError) throw error;
    throw new TrainingError('bad-model', `model: cannot be built: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

function checkIsLayersModel(tf: TensorFlow, model: unknown): asserts model is LayersModel {
  if (model instanceof tf.LayersModel) return;
  if (model instanceof tf.GraphModel) {
    throw new TrainingError(
      'bad-model',
      'model: a GraphModel has no gradients and cannot be trained; load or build a LayersModel',
    );
  }
  const looksLikeOne = typeof model === 'object' && model !== null && 'layers' in model;
  throw new TrainingError(
    'bad-model',
    looksLikeOne
      ? 'model: it was made with another copy of TensorFlow.js; use the tf that the model function is given'
      : `model: the function must return a LayersModel (tf.sequential, tf.model), got ${typeof model}`,
  );
}

/** @throws {TrainingError} `unsupported-model` for stateful layers, and weights that are not float32. */
export function checkSupported(model: LayersModel): void {
  for (const layer of allLayers(model)) {
    if (layer.stateful && !('layers' in layer)) {
      throw new TrainingError(
        'unsupported-model',
        `layer "${layer.name}": stateful layers carry state from batch to batch, which has no order here; ` +
          'use stateful: false',
      );
    }
  }
  for (const weight of weightsInOrder(model)) {
    if (weight.dtype === 'float32') continue;
    throw new TrainingError(
      'unsupported-model',
      `weight "${weight.name}" is ${weight.dtype}: only float32 weights are trained`,
    );
  }
}
