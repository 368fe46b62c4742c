/** The weights of a saved LayersModel, as model.json lists them. */
import type { ParameterLayout } from '@paceline/math';

/** One entry of a weights manifest: weights.bin holds them one behind the other, little-endian. */
export interface SavedWeight {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: 'float32';
}

/**
 * The manifest of a layout: every tensor but the scalars, in layout order, so that weights.bin is the flat parameter
 * vector from the trainable section to its end. tf.loadLayersModel finds weights by name, in any order.
 */
export function describeSavedModel(layout: ParameterLayout): readonly SavedWeight[] {
  return layout.tensors
    .filter(({ section }) => section !== 'scalars')
    .map(({ name, shape }) => ({ name, shape, dtype: 'float32' }));
}
