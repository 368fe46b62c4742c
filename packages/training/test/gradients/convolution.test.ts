import type { Tensor } from '@tensorflow/tfjs';

import type { BackendName, TensorFlow } from '../../src/backend/interface.ts';
import { createTensor } from './finite-differences.ts';
import { gradientSuite, type NamedCase } from './gradient-suite.ts';

const explicit = [
  [0, 0],
  [1, 2],
  [0, 1],
  [0, 0],
];

interface Convolution {
  readonly op: 'conv1d' | 'conv2d' | 'depthwiseConv2d' | 'conv3d';
  readonly x: readonly number[];
  readonly filter: readonly number[];
  readonly stride?: unknown;
  readonly padding?: unknown;
  readonly dilation?: unknown;
  readonly except?: readonly BackendName[];
}

const plane = { x: [2, 6, 5, 2], filter: [3, 2, 2, 3] };
const volume = { x: [2, 3, 4, 3, 2], filter: [2, 2, 3, 2, 3] };
const paddings = ['valid', 'same', 1, explicit];
const dilations = [2, [1, 2], [2, 1]];

const convolutions: readonly Convolution[] = [
  ...(['conv2d', 'depthwiseConv2d'] as const).flatMap((op) => [
    ...paddings.flatMap((padding) =>
      [1, 2, [2, 1]].map((stride) => ({
        op,
        ...plane,
        padding,
        stride,
      })),
    ),
    ...dilations.flatMap((dilation) =>
      ['valid', 'same'].map((padding) => ({ op, ...plane, padding, dilation })),
    ),
  ]),
  { op: 'conv2d', x: [1, 4, 4, 1], filter: [1, 1, 1, 1] },
  { op: 'conv2d', x: [2, 9, 4, 3], filter: [5, 3, 3, 2], stride: 3 },
  { op: 'conv2d', x: [1, 3, 3, 5], filter: [3, 3, 5, 4], padding: 'same' },
  { op: 'depthwiseConv2d', x: [3, 5, 4, 3], filter: [2, 3, 3, 1], padding: 'same' },
  { op: 'conv1d', x: [2, 8, 2], filter: [3, 2, 3], padding: 'same', stride: 2 },
  { op: 'conv1d', x: [2, 8, 2], filter: [3, 2, 3], padding: 'valid', dilation: 2 },
  ...['valid', 'same'].flatMap((padding) =>
    [1, 2].map((stride) => ({ op: 'conv3d' as const, ...volume, padding, stride })),
  ),
];

const cases = convolutions.map((convolution): NamedCase => {
  const { op, x, filter, stride = 1, padding = 'valid', dilation = 1 } = convolution;
  const words = [
    op,
    `[${x.join()}] by [${filter.join()}]`,
    `padding ${JSON.stringify(padding)}`,
    `stride ${JSON.stringify(stride)}`,
    `dilation ${JSON.stringify(dilation)}`,
  ];
  return {
    name: words.join(', '),
    except: convolution.except ?? [],
    make: (tf) => ({
      inputs: [createTensor(tf, x, 1), createTensor(tf, filter, 2)],
      compute: (input, weights) =>
        convolve(tf, { op, input, weights, stride, padding, dilation } as never),
    }),
  };
});

interface ConvolutionCall {
  readonly op: Convolution['op'];
  readonly input: never;
  readonly weights: never;
  readonly stride: never;
  readonly padding: never;
  readonly dilation: never;
}

function convolve(tf: TensorFlow, call: ConvolutionCall): Tensor {
  const { op, input, weights, stride, padding, dilation } = call;
  if (op === 'conv1d') return tf.conv1d(input, weights, stride, padding, 'NWC', dilation);
  if (op === 'conv3d') return tf.conv3d(input, weights, stride, padding);
  return tf[op](input, weights, stride, padding, 'NHWC', dilation);
}

const transposed = ['valid', 'same'].flatMap((padding) =>
  [1, 2].map((stride): NamedCase => {
    const [height, width] =
      padding === 'same' ? [3 * stride, 2 * stride] : [2 * stride + 3, stride + 2];
    return {
      name: `conv2dTranspose, padding ${padding}, stride ${stride}`,
      make: (tf) => ({
        inputs: [createTensor(tf, [2, 3, 2, 2], 1), createTensor(tf, [3, 2, 3, 2], 2)],
        compute: (x, filter) =>
          tf.conv2dTranspose(
            x as never,
            filter as never,
            [2, height, width, 3] as [number, number, number, number],
            stride,
            padding as 'valid',
          ),
      }),
    };
  }),
);

const transposed3d = ['valid', 'same'].map((padding): NamedCase => {
  const extent = padding === 'same' ? 4 : 5;
  return {
    name: `conv3dTranspose, padding ${padding}`,
    make: (tf) => ({
      inputs: [createTensor(tf, [1, 2, 2, 2, 2], 1), createTensor(tf, [3, 3, 3, 3, 2], 2)],
      compute: (x, filter) =>
        tf.conv3dTranspose(
          x as never,
          filter as never,
          [1, extent, extent, extent, 3],
          2,
          padding as 'valid',
        ),
    }),
  };
});

const separable: NamedCase = {
  name: 'separableConv2d',
  make: (tf) => ({
    inputs: [
      createTensor(tf, [2, 5, 4, 2], 1),
      createTensor(tf, [3, 2, 2, 2], 2),
      createTensor(tf, [1, 1, 4, 3], 3),
    ],
    compute: (x, depthwise, pointwise) =>
      tf.separableConv2d(x as never, depthwise as never, pointwise as never, 1, 'same'),
  }),
};

gradientSuite('the gradient of a convolution is right', [
  ...cases,
  ...transposed,
  ...transposed3d,
  separable,
]);
