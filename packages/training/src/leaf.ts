/** One leaf: gradient, change of state and scalars of one microbatch at the bound version. */
import type { Scalar, Tensor } from '@tensorflow/tfjs';
import type { TensorFlow } from './backend/interface.ts';
import type { Split } from './datasets/dataset.ts';
import { differentiate } from './differentiate.ts';
import { TrainingError } from './errors.ts';
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
 * Computes a leaf and writes it piece by piece: scalars, then gradients as soon as they are final, then changes of state.
 * @throws {TrainingError} `bad-argument` for a microbatch without examples: it has no leaf.
 */
export function computeLeaf(parts: LeafParts, task: GradientTask, write: WriteLeaf): void {
  const { tf, split, store, seed } = parts;
  const weight = task.indices.length;
  if (weight === 0) throw new TrainingError('bad-argument', 'an empty microbatch has no leaf');
  store.resetState();
  const batch = split.read(task.indices, task.step);
  withKeyedMathRandom(keyedRandom('microbatch', seed, task.step, task.microbatch), () => {
    tf.tidy(() => {
      const compute = (): Computed => parts.model.compute(uploadBatch(tf, batch), 'training');
      writeGradients(parts, compute, { weight, write });
    });
  });
  store.writeStateChange(weight, write);
}

/** Counts of metrics outlive the tape's own tidy: they are kept until they are written. */
function writeGradients(
  { tf, trainable }: LeafParts,
  compute: () => Computed,
  { weight, write }: { readonly weight: number; readonly write: WriteLeaf },
): void {
  let counts: readonly Tensor[] = [];
  const variables = trainable.map(({ variable }) => variable);
  const loss = (): Scalar => {
    const computed = compute();
    counts = computed.counts.map((count) => tf.keep(count));
    return computed.loss;
  };
  try {
    differentiate(tf, variables, loss, {
      onValue: (value) => {
        write(0, () => scalarsOf(weight, value, counts));
      },
      onGradient: (index, gradient) => {
        const { offset, size } = placeOf(trainable, index);
        write(offset, () => gradient?.dataSync<'float32'>() ?? new Float32Array(size));
      },
    });
  } finally {
    tf.dispose([...counts]);
  }
}

function placeOf(tensors: readonly BoundTensor[], index: number): BoundTensor['place'] {
  const tensor = tensors[index];
  if (tensor === undefined) throw new RangeError(`there is no variable ${String(index)}`);
  return tensor.place;
}

/** [weight, weight x loss, counts...] as Float32. */
export function scalarsOf(weight: number, loss: Tensor, counts: readonly Tensor[]): Float32Array {
  return Float32Array.from([
    weight,
    ...[loss, ...counts].map((tensor) => tensor.dataSync()[0] ?? 0),
  ]);
}
