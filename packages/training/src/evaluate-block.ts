/** Loss and metrics of a block of examples at the bound version, without training behaviour. */
import type { TensorFlow } from './backend/interface.ts';
import type { Split } from './datasets/dataset.ts';
import { TrainingError } from './errors.ts';
import { withKeyedMathRandom } from './keyed-math-random.ts';
import { scalarsOf } from './leaf.ts';
import type { TrainableModel } from './models/model.ts';
import type { ParameterStore } from './parameters.ts';
import { keyedRandom } from './random-streams.ts';
import { uploadBatch } from './upload-batch.ts';

/** What an evaluation is computed from. */
export interface EvaluationParts {
  readonly tf: TensorFlow;
  readonly model: TrainableModel;
  readonly split: Split | undefined;
  readonly store: ParameterStore;
  readonly seed: number;
}

/**
 * The scalars of a block: [weight, weight x loss, counts...], fresh.
 * @throws {TrainingError} `bad-argument` for an empty block or a job without test split.
 */
export function evaluateBlock(parts: EvaluationParts, indices: Uint32Array): Float32Array {
  const { tf, model, split, store, seed } = parts;
  const [first] = indices;
  if (split === undefined || first === undefined) {
    throw new TrainingError(
      'bad-argument',
      'evaluation needs a test split and at least one example',
    );
  }
  store.resetState();
  const batch = split.read(indices);
  // A functional loss may draw random numbers whether training or not.
  return withKeyedMathRandom(keyedRandom('evaluation', seed, first), () =>
    tf.tidy(() => {
      const { loss, counts } = model.compute(uploadBatch(tf, batch), 'evaluation');
      return scalarsOf(indices.length, loss, counts);
    }),
  );
}
