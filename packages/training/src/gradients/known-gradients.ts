import type { BackendName } from '../backend/interface.ts';
import type { GradientFault } from './errors.ts';

/** What TensorFlow.js 4.22 gets wrong about the gradient (or the forward pass) of an operation. */
export interface KnownGradient {
  readonly op: string;
  readonly backends: readonly BackendName[];
  readonly fault: GradientFault | 'slow';
  /** When it happens, in words; empty: always. */
  readonly when: string;
}

/** Something wrong, missing or slow that this package puts right. */
export interface RepairedGradient extends KnownGradient {
  /** The kernels, gradients and functions that are replaced for it. */
  readonly by: readonly string[];
}

/** Something that training must not depend on. */
export interface RefusedGradient extends KnownGradient {
  readonly fault: GradientFault;
  /** The forward pass itself is wrong: any use counts, not only one on the path of a gradient. */
  readonly isForwardWrong?: boolean;
  readonly advice: string;
}

const all: readonly BackendName[] = ['tensorflow', 'wasm', 'cpu'];
const native: readonly BackendName[] = ['tensorflow'];
const wasm: readonly BackendName[] = ['wasm'];
const cpu: readonly BackendName[] = ['cpu'];
const notCpu: readonly BackendName[] = ['tensorflow', 'wasm'];
const notNative: readonly BackendName[] = ['wasm', 'cpu'];

type Row = readonly [
  op: string,
  backends: readonly BackendName[],
  fault: KnownGradient['fault'],
  when: string,
  by: string,
];

const rows: readonly Row[] = [
  ['BatchMatMul', wasm, 'slow', 'batched or transposed', 'BatchMatMul'],
  ['BatchMatMul', native, 'slow', 'two matrices, neither transposed', 'BatchMatMul'],
  ['FusedMatMul', all, 'slow', 'in a dense layer on matrices', 'Dense'],
  ['BatchMatMul', all, 'failed', 'a batch axis is broadcast', 'BatchMatMul'],
  ['Conv2D', wasm, 'missing', '', 'Conv2DBackpropFilter, Conv2DBackpropInput'],
  ['Conv2D', all, 'failed', 'dilated', 'Conv2D, fused.conv2d'],
  [
    ...(['Conv2D', native, 'failed', 'padding is given as numbers'] as const),
    'Conv2D, Conv2DBackpropFilter, Conv2DBackpropInput',
  ],
  [
    ...(['DepthwiseConv2dNative', wasm, 'missing', ''] as const),
    'DepthwiseConv2dNativeBackpropInput, DepthwiseConv2dNativeBackpropFilter',
  ],
  ['DepthwiseConv2dNative', all, 'failed', 'dilated', 'DepthwiseConv2dNative'],
  [
    ...(['DepthwiseConv2dNative', native, 'failed', 'padding is given as numbers'] as const),
    'DepthwiseConv2dNative, DepthwiseConv2dNativeBackpropFilter, DepthwiseConv2dNativeBackpropInput',
  ],
  [
    'Conv2D, DepthwiseConv2dNative, MaxPool, AvgPool',
    wasm,
    'wrong',
    'padding is one number and the window not square: writes outside of its output',
    'Conv2D, DepthwiseConv2dNative, MaxPool, AvgPool',
  ],
  ['Conv3D', wasm, 'wrong', '', 'Conv3DBackpropFilterV2, Conv3DBackpropInputV2'],
  ['Conv3DBackpropInputV2', all, 'missing', '', 'Conv3DBackpropInputV2'],
  ['MaxPool', wasm, 'wrong', '', 'MaxPoolGrad'],
  ['MaxPool', native, 'slow', 'where TensorFlow has oneDNN', 'maxPool, MaxPool, MaxPoolGrad'],
  ['MaxPool3D', wasm, 'wrong', 'with padding forward as well', 'MaxPool3DGrad, MaxPool3D'],
  ['MaxPool3D', cpu, 'wrong', 'the window is not a cube', 'MaxPool3DGrad'],
  ['AvgPool', notNative, 'wrong', 'padded', 'AvgPoolGrad'],
  ['AvgPool3D', notNative, 'wrong', 'padded', 'AvgPool3DGrad'],
  ['GatherV2', wasm, 'missing', '', 'UnsortedSegmentSum'],
  ['GatherV2', cpu, 'slow', '', 'UnsortedSegmentSum'],
  ['GatherV2', wasm, 'wrong', 'several batch axes: forward', 'GatherV2'],
  ['GatherV2', all, 'failed', 'several batch axes', 'GatherV2'],
  ['GatherNd', all, 'missing', '', 'GatherNd'],
  ['ScatterNd', all, 'missing', '', 'ScatterNd'],
  ['ResizeNearestNeighbor', cpu, 'wrong', '', 'ResizeNearestNeighborGrad'],
  ['ResizeNearestNeighbor', notCpu, 'wrong', 'halfPixelCenters', 'ResizeNearestNeighborGrad'],
  ['ResizeBilinear', cpu, 'failed', 'the image is not square', 'ResizeBilinearGrad'],
  ['ResizeBilinear', notCpu, 'wrong', 'halfPixelCenters', 'ResizeBilinearGrad'],
  ['MirrorPad', all, 'wrong', '', 'MirrorPad'],
  ['Cumsum', all, 'wrong', 'along any axis but the last', 'Cumsum'],
  ['Cumsum', all, 'failed', 'the axis is counted from the end', 'Cumsum'],
  ['Cast', all, 'wrong', 'to int32 or bool', 'Cast'],
  ['Cast', wasm, 'wrong', 'to bool: forward', 'Cast'],
  ['Cast', native, 'slow', 'to the type that it is', 'Cast'],
  ['Reshape', native, 'slow', 'to the shape that it has', 'Reshape'],
  ['Softmax', all, 'slow', 'under a cross-entropy', 'Softmax'],
  ['Relu', native, 'slow', '', 'Relu, ReluGrad'],
  ['Add', native, 'slow', 'of a bias in a dense or convolutional layer', 'BiasAdd, BiasAddGrad'],
  ['Relu6', native, 'slow', '', 'Relu6, Relu6Grad'],
  [
    'FusedBatchNorm',
    all,
    'failed',
    'without scale or offset',
    'FusedBatchNorm, BatchNormalization',
  ],
  ['FusedBatchNorm', all, 'failed', 'statistics of rank 4', 'FusedBatchNorm'],
  ['FusedBatchNorm', notNative, 'wrong', 'statistics of rank 4: forward', 'FusedBatchNorm'],
  ['Maximum', all, 'failed', 'an input is broadcast', 'Maximum'],
  ['Minimum', all, 'failed', 'an input is broadcast', 'Minimum'],
  ['SquaredDifference', all, 'failed', 'an input is broadcast', 'SquaredDifference'],
  ['Greater, Less, LessEqual', all, 'missing', '', 'Greater, Less, LessEqual'],
  ['Equal, NotEqual, Any, All', all, 'missing', '', 'Equal, NotEqual, Any, All'],
  ['LogicalAnd, LogicalOr, LogicalNot', all, 'missing', '', 'LogicalAnd, LogicalOr, LogicalNot'],
];

/** All that is put right, and by what. */
export const repairedGradients: readonly RepairedGradient[] = rows.map(
  ([op, backends, fault, when, by]) => ({ op, backends, fault, when, by: by.split(', ') }),
);

/** All that is known to be wrong and stays so: a job whose training depends on it does not start. */
export const refusedGradients: readonly RefusedGradient[] = [
  {
    op: 'Dilation2D',
    backends: wasm,
    fault: 'wrong',
    when: 'forward as well',
    isForwardWrong: true,
    advice: 'use the tensorflow backend',
  },
  {
    op: 'MaxPoolWithArgmax',
    backends: wasm,
    fault: 'wrong',
    when: 'forward',
    isForwardWrong: true,
    advice: 'use maxPool, which has a gradient everywhere',
  },
];

/** What to do instead of operations whose missing or failing gradient shows by itself. */
export const adviceByOperation: Readonly<Record<string, string>> = {
  Einsum: 'write it with transpose and matMul',
  TopK: 'use max, or a sum of products with oneHot',
  StridedSlice: 'use slice, or gather with a list of indices',
  DepthToSpace: 'use reshape and transpose',
  Cumprod: 'use exp of cumsum of log',
  Diag: 'use the product with eye',
  Tile: 'use broadcastTo, or reshape to rank 4 or less',
  FFT: 'compute it in the dataset, before training',
  RFFT: 'compute it in the dataset, before training',
};
