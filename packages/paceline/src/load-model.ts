import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { TensorFlow } from '@paceline/training';

/** A model of tf.layers. */
type LayersModel = InstanceType<TensorFlow['LayersModel']>;
type Handler = Exclude<Parameters<TensorFlow['loadLayersModel']>[0], string>;
type Artifacts = Awaited<ReturnType<NonNullable<Handler['load']>>>;

/**
 * Loads a model that a run, or TensorFlow.js, saved: to go on with it, or with a part of it. For the model function of a job,
 * whose `tf` it takes; it is the caller's. Every backend can, tfjs-node is not needed.
 *
 * @param folder - With `model.json`, as `runs/digits/model`; relative to the folder in which the command runs.
 * @throws PacelineError `weights-unreadable`, naming the file
 *
 * @example
 *   model: async (tf) => {
 *     const saved = await loadModel(tf, 'runs/digits/model');
 *     for (const layer of saved.layers) layer.trainable = false;
 *     const head = tf.layers.dense({ units: 5, activation: 'softmax', name: 'head' });
 *     return tf.model({ inputs: saved.inputs, outputs: head.apply(saved.layers.at(-2).output) });
 *   }
 */
export async function loadModel(tf: TensorFlow, folder: string): Promise<LayersModel> {
  const file = join(folder, 'model.json');
  // What reads weights is loaded when it is needed: job files import the package that this is a part of.
  const { readLayersModel } = await import('./weights/layers-model.ts');
  const tensors = await readLayersModel(file);
  const { modelTopology } = JSON.parse(await readFile(file, 'utf8')) as Artifacts;
  const weightData = Uint8Array.from(Buffer.concat(tensors.map(({ bytes }) => bytes))).buffer;
  const weightSpecs = tensors.map(({ name, shape }) => ({
    name,
    shape: [...shape],
    dtype: 'float32' as const,
  }));
  const artifacts: Artifacts = { ...(modelTopology && { modelTopology }), weightSpecs, weightData };
  return tf.loadLayersModel({ load: () => Promise.resolve(artifacts) });
}
