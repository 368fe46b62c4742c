import type { TensorInfo } from '@tensorflow/tfjs';

import type { TensorFlow } from '../backend/interface.ts';
import type { KernelCall, KernelRepair } from './repair.ts';

/**
 * Padding given as numbers.
 *
 * wasm: TensorFlow.js works out both sides of the output with the height of the window, so with a
 * window that is not square the kernel writes outside of its output. Each axis written out avoids
 * that.
 *
 * tensorflow: most kernels know 'valid' and 'same' only. For convolutions the input is padded
 * first, and the gradient cut out of that of the padded input. (Pooling still fails.)
 */
export const numericPaddingRepairs: readonly KernelRepair[] = [
  ...['Conv2D', 'DepthwiseConv2dNative', 'MaxPool', 'AvgPool'].map((name): KernelRepair => ({
    kind: 'kernel',
    name,
    backends: ['wasm'],
    compute: spellOutPadding,
  })),
  ...['Conv2D', 'DepthwiseConv2dNative'].flatMap((name): KernelRepair[] => [
    { kind: 'kernel', name, backends: ['tensorflow'], compute: padFirst },
    {
      kind: 'kernel',
      name: `${name}BackpropFilter`,
      backends: ['tensorflow'],
      compute: padFirst,
    },
    {
      kind: 'kernel',
      name: `${name}BackpropInput`,
      backends: ['tensorflow'],
      compute: inputGradient,
    },
  ]),
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

/** For a convolution and for its gradient by the filter: both have the input as `x`. */
function padFirst(tf: TensorFlow, { input, inputs, attributes, original }: KernelCall): TensorInfo {
  const padding = explicitPadding(attributes);
  if (padding === undefined) return original(inputs, attributes);
  const x = tf.pad(input('x'), padding);
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
  const padded = original(inputs, { ...attributes, inputShape, pad: 'valid' });
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
