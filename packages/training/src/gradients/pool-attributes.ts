import type { NamedAttrMap } from '@tensorflow/tfjs';

import type { TensorFlow } from '../backend/interface.ts';
import { type Padding, type WindowGeometry, windows2d, windows3d } from './window-geometry.ts';

interface PoolShapes {
  readonly inputShape: readonly number[];
  readonly outputShape: readonly number[];
}

/** The windows of the pooling that is called with these attributes. */
export function poolWindows(
  tf: TensorFlow,
  { inputShape, outputShape }: PoolShapes,
  attributes: NamedAttrMap,
): WindowGeometry {
  const windows = inputShape.length === 5 ? windows3d : windows2d;
  return windows(tf, {
    inputShape,
    outputShape,
    filter: attributes['filterSize'] as number | number[],
    strides: attributes['strides'] as number | number[],
    padding: attributes['pad'] as Padding,
  });
}
