/** Weights of examples: what the values of a loss are multiplied by before their mean is taken. */
import type { Tensor } from '@tensorflow/tfjs';
import type { TensorFlow } from '../backend/interface.ts';
import { TrainingError } from '../errors.ts';
import type { Socket } from './match-arrays.ts';
import type { NamedTensor } from './model.ts';

/**
 * The weights of each output: those without a name are for all.
 * @throws {TrainingError} `bad-shape` for a name that is no output.
 */
export function matchWeights(
  weights: readonly NamedTensor[],
  outputs: readonly Socket[],
): readonly (Tensor | undefined)[] {
  const find = (wanted: string): Tensor | undefined =>
    weights.find(({ name }) => name === wanted)?.tensor;
  const known = new Set(outputs.flatMap(({ name, originalName }) => ['', name, originalName]));
  const wrong = weights.find(({ name }) => !known.has(name));
  if (wrong !== undefined) {
    const names = outputs.map(({ name }) => `"${name}"`).join(', ');
    throw new TrainingError(
      'bad-shape',
      `data.sampleWeight has "${wrong.name}"; the model has the outputs ${names}`,
    );
  }
  return outputs.map(({ name, originalName }) => find(name) ?? find(originalName) ?? find(''));
}

/**
 * Values of a loss, [examples, ...], times the weights: one an example, or one a value.
 * @throws {TrainingError} `bad-loss` for a loss that gives only a mean, `bad-shape` for weights that fit neither way.
 */
export function weighted(
  tf: TensorFlow,
  values: Tensor,
  { weights, loss }: { readonly weights: Tensor; readonly loss: string },
): Tensor {
  const [examples] = values.shape;
  if (values.rank === 0) {
    throw new TrainingError(
      'bad-loss',
      `${loss} gives a mean over the examples; to be weighted, it must give one value per example`,
    );
  }
  if (weights.size === examples) {
    return tf.mul(values, tf.reshape(weights, [examples, ...values.shape.slice(1).fill(1)]));
  }
  if (weights.size === values.size) return tf.mul(values, tf.reshape(weights, values.shape));
  throw new TrainingError(
    'bad-shape',
    `data.sampleWeight gives [${weights.shape.join(', ')}]; ${loss} has values of shape [${values.shape.join(', ')}] ` +
      'and takes a weight for each example, or for each value',
  );
}
