/** One leaf: gradient, change of state and scalars of one microbatch at the bound version. */
import type { Scalar, Tensor } from '@tensorflow/tfjs';
import type { TensorFlow } from './backend/interface.ts';
import type { Split } from './datasets/dataset.ts';
import { messageOf, TrainingError } from './errors.ts';
import { withKeyedMathRandom } from './keyed-math-random.ts';
import type { Computed, TrainableModel } from './models/model.ts';
import type { BoundTensor, ParameterStore } from './parameters.ts';
import type { GradientTask, WriteLeaf } from './prepared-job.ts';
import { keyedRandom } from './random-streams.ts';
import { uploadBatch } from './upload-batch.ts';

/** Everything that a leaf is computed from, beside its task. */
export interface LeafParts {
  readonly tf: TensorFlow;
  readonly model: TrainableModel;
  readonly split: Split;
  readonly store: ParameterStore;
  /** The trainable tensors in layout order. */
  readonly trainable: readonly BoundTensor[];
  readonly seed: number;
}

/**
 * Computes a leaf and writes it piece by piece: scalars, then trainable, then state.
 * @throws {TrainingError} `bad-argument` for a microbatch without examples: it has no leaf.
 */
export function computeLeaf(parts: LeafParts, task: GradientTask, write: WriteLeaf): void {
  const { tf, split, store, seed } = parts;
  const weight = task.indices.length;
  if (weight === 0) throw new TrainingError('bad-argument', 'an empty microbatch has no leaf');
  store.resetState();
  const batch = split.read(task.indices);
  withKeyedMathRandom(keyedRandom('microbatch', seed, task.step, task.microbatch), () => {
    tf.tidy(() => {
      const { value, gradients, counts } = differentiate(
        parts,
        () => parts.model.compute(uploadBatch(tf, batch), 'training'),
        weight,
      );
      write(0, scalarsOf(weight, value, counts));
      parts.trainable.forEach(({ place, variable }) => {
        const gradient = gradients[variable.name];
        write(place.offset, gradient?.dataSync<'float32'>() ?? new Float32Array(place.size));
      });
    });
  });
  store.writeStateChange(weight, write);
}

interface Differentiated {
  /** weight x mean loss. */
  readonly value: Scalar;
  /** By the variables' names; a variable that the loss does not reach has none, and its gradient is zero. */
  readonly gradients: Readonly<Record<string, Tensor | undefined>>;
  readonly counts: readonly Tensor[];
}

function differentiate(
  { tf, trainable }: LeafParts,
  compute: () => Computed,
  weight: number,
): Differentiated {
  let counts: readonly Tensor[] = [];
  const variables = trainable.map(({ variable }) => variable);
  try {
    const { value, grads } = tf.variableGrads(() => {
      const computed = compute();
      // The tape's own tidy would dispose them.
      counts = computed.counts.map((count) => tf.keep(count));
      return tf.mul(computed.loss, weight);
    }, variables);
    return { value, gradients: grads, counts: counts.map((count) => tf.clone(count)) };
  } catch (error) {
    throw inWords(error);
  } finally {
    tf.dispose([...counts]);
  }
}

function inWords(error: unknown): unknown {
  if (!messageOf(error).startsWith('Cannot find a connection between any variable')) return error;
  return new TrainingError(
    'unreached-model',
    'the loss does not depend on any trainable parameter',
    {
      cause: error,
    },
  );
}

/** [weight, weight x loss, counts...] as Float32. */
export function scalarsOf(weight: number, loss: Tensor, counts: readonly Tensor[]): Float32Array {
  return Float32Array.from([
    weight,
    ...[loss, ...counts].map((tensor) => tensor.dataSync()[0] ?? 0),
  ]);
}
