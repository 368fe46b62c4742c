import { createLayout } from '@paceline/math';
import type { CheckpointImage } from '@paceline/server';
import type { DescribedModel, TensorFlow } from '@paceline/training';

import { PacelineError } from '../errors.ts';
import type { OptimizerState } from './optimizer-state.ts';

/**
 * Sets all weights of a model, those that are not trained included, to those of a checkpoint of its run.
 *
 * @throws PacelineError `weights-mismatch` when a weight is not in it
 */
export function takeWeights(
  tf: TensorFlow,
  { trainable, others }: DescribedModel,
  { facts, parameters }: Pick<CheckpointImage, 'facts' | 'parameters'>,
): void {
  const layout = createLayout(facts.layout.tensors);
  const places = new Map(layout.tensors.map((place) => [place.name, place]));
  // Vectors of parameters lack the scalars that layouts begin with.
  const first = layout.sections.trainable.offset;
  for (const { name, shape, variable } of [...trainable, ...others]) {
    const place = places.get(name);
    if (place?.shape.join() !== shape.join()) {
      throw new PacelineError(
        'weights-mismatch',
        `The run has no weight ${name} as the model has it.`,
      );
    }
    const values = floatsAt(parameters, place.offset - first, place.size);
    const tensor = tf.tensor(values, [...shape]);
    variable.assign(tensor);
    tensor.dispose();
  }
}

/** What the optimizer had done at a checkpoint; `before` are its updates before the run. */
export function optimizerStateAt(image: CheckpointImage, before: number): OptimizerState {
  const skipped = image.sections['progress']?.['skippedSteps'];
  return {
    updates: before + image.facts.step - (typeof skipped === 'number' ? skipped : 0),
    slots: Object.fromEntries(
      Object.entries(image.slots).map(([slot, bytes]) => [
        slot,
        floatsAt(bytes, 0, bytes.byteLength / 4),
      ]),
    ),
  };
}

/** A copy: bytes of a file may lie anywhere. */
function floatsAt(bytes: Uint8Array, offset: number, length: number): Float32Array<ArrayBuffer> {
  const copy = Uint8Array.from(bytes.subarray(4 * offset, 4 * (offset + length)));
  return new Float32Array(copy.buffer);
}
