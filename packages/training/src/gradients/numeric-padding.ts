import type { Tensor4D, TensorInfo } from '@tensorflow/tfjs';

import type { TensorFlow } from '../backend/interface.ts';
import { inputOf, type KernelCall, type KernelRepair } from './repair.ts';

/**
 * Padding given as numbers.
 *
 * wasm: TensorFlow.js works out both sides of the output with the height of the window, so with a
 * window that is not square the kernel writes outside of its output. Each axis written out avoids
 * that.
 *
 * tensorflow: the gradient kernels of convolutions know 'valid' and 'same' only. So the input is
 * padded first, and the gradient cut out of the padded one.
 */
export const numericPaddingRepairs: readonly KernelRepair[] = [
  ...['Conv2D', 'DepthwiseConv2dNative', 'MaxPool', 'AvgPool'].map(
    (name): KernelRepair => ({ kind: 'kernel', name, backends: ['wasm'], compute: spellOutPadding }),
  ),
  {
    kind: 'kernel',
    name: 'Conv2DBackpropFilter',
    backends: ['tensorflow'],
    compute: filterGradient,
  },
  { kind: 'kernel', name: 'Conv2DBackpropInput', backends: ['tensorflow'], compute: inputGradient },
];

type AxisPadding = [number, number];
type ExplicitPadding = [AxisPadding, AxisPadding, AxisPadding, AxisPadding];

function spellOutPadding(
  _tf: TensorFlow,
  { inputs, attributes, original }: KernelCall,
): TensorInfo {
  const padding = explicitPadding(attributes);
  if (padding === undefined) return original(inputs, attributes);
  return original(inputs, { ...attributes, pad: padding });
}

function filterGradient(tf: TensorFlow, { inputs, attributes, original }: KernelCall): TensorInfo {
  const padding = explicitPadding(attributes);
  if (padding === undefined) return original(inputs, attributes);
  const x = tf.pad(inputOf(inputs, 'x') as Tensor4D, padding);
  return original({ ...inputs, x }, { ...attributes, pad: 'valid' });
}

function inputGradient(tf: TensorFlow, { inputs, attributes, original }: KernelCall): TensorInfo {
  const padding = explicitPadding(attributes);
  if (padding === undefined) return original(inputs, attributes);
  const shape = attributes['inputShape'] as [number, number, number, number];
  const inputShape = shape.map((extent, axis) => {
    const [before, after] = padding[axis] ?? [0, 0];
    return before + extent + after;
  });
  const padded = original(inputs, { ...attributes, inputShape, pad: 'valid' }) as Tensor4D;
  return tf.slice(
    padded,
    padding.map(([before]) => before),
    shape,
  );
}

/** The padding of each axis; undefined where 'valid', 'same' or 0 says it. */
function explicitPadding(attributes: KernelCall['attributes']): ExplicitPadding | undefined {
  const padding = attributes['pad'];
  if (Array.isArray(padding)) return padding as unknown as ExplicitPadding;
  if (typeof padding !== 'number' || padding === 0) return undefined;
  const sides: AxisPadding = [padding, padding];
  return attributes['dataFormat'] === 'NCHW'
    ? [[0, 0], [0, 0], sides, sides]
    : [[0, 0], sides, sides, [0, 0]];
}
