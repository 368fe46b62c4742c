import type { NamedAttrMap, TensorInfo } from '@tensorflow/tfjs';

import type { TensorFlow } from '../backend/interface.ts';
import { type Padding, type WindowGeometry, windows2d, windows3d } from './window-geometry.ts';

/** The windows of the pooling whose gradient kernel is called with these inputs and attributes. */
export function poolWindows(
  tf: TensorFlow,
  { input, dy }: { readonly input: TensorInfo; readonly dy: TensorInfo },
  attributes: NamedAttrMap,
): WindowGeometry {
  const windows = input.shape.length === 5 ? windows3d : windows2d;
  return windows(tf, {
    inputShape: input.shape,
    outputShape: dy.shape,
    filter: attributes['filterSize'] as number | number[],
    strides: attributes['strides'] as number | number[],
    padding: attributes['pad'] as Padding,
  });
}
