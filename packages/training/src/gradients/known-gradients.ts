import type { BackendName } from '../backend/interface.ts';
import type { GradientFault } from './errors.ts';
import type { TapedOperation } from './tape-recorder.ts';

/** What is known about the gradient of an operation (or a forward pass) that TensorFlow.js 4.22 gets wrong. */
export interface KnownGradient {
  readonly op: string;
  readonly backends: readonly BackendName[];
  readonly fault: GradientFault | 'slow';
  /** When it happens, in words; always, without it. */
  readonly when?: string;
}

/** Something wrong, missing or slow that this package puts right. */
export interface RepairedGradient extends KnownGradient {
  /** The kernels and gradients that are replaced for it. */
  readonly by: readonly string[];
}

/** Something that training must not depend on. */
export interface RefusedGradient extends KnownGradient {
  readonly fault: GradientFault;
  /** Whether it happens to this operation; always, without it. */
  readonly applies?: (operation: TapedOperation) => boolean;
  /** The forward pass itself is wrong: any use counts, not only one on the path of a gradient. */
  readonly isForwardWrong?: boolean;
  readonly advice: string;
}

const everywhere: readonly BackendName[] = ['tensorflow', 'wasm', 'cpu'];
const comparisons = 'Greater, Less, LessEqual, Equal, NotEqual, LogicalAnd, LogicalOr, LogicalNot, Any, All';

export const repairedGradients: readonly RepairedGradient[] = [
  { op: 'BatchMatMul', backends: ['wasm'], fault: 'slow', when: 'batched or transposed', by: ['BatchMatMul'] },
  { op: 'BatchMatMul', backends: everywhere, fault: 'failed', when: 'a batch axis is broadcast', by: ['BatchMatMul'] },
  { op: 'Conv2D', backends: ['wasm'], fault: 'missing', by: ['Conv2DBackpropFilter', 'Conv2DBackpropInput'] },
  { op: 'Conv2D', backends: ['tensorflow'], fault: 'failed', when: 'padding is given as numbers', by: ['Conv2DBackpropFilter', 'Conv2DBackpropInput'] },
  { op: 'Conv2D', backends: everywhere, fault: 'failed', when: 'dilated', by: ['Conv2D'] },
  { op: 'Conv2D, MaxPool, AvgPool', backends: ['wasm'], fault: 'wrong', when: 'padding is a number and the window not square (forward)', by: ['Conv2D', 'MaxPool', 'AvgPool'] },
  { op: 'DepthwiseConv2dNative', backends: ['wasm'], fault: 'missing', by: ['DepthwiseConv2dNativeBackpropInput', 'DepthwiseConv2dNativeBackpropFilter'] },
  { op: 'DepthwiseConv2dNative', backends: everywhere, fault: 'failed', when: 'dilated', by: ['DepthwiseConv2dNative'] },
  { op: 'Conv3D', backends: ['wasm'], fault: 'wrong', by: ['Conv3DBackpropFilterV2', 'Conv3DBackpropInputV2'] },
  { op: 'MaxPool', backends: ['wasm'], fault: 'wrong', by: ['MaxPoolGrad'] },
  { op: 'MaxPool3D', backends: ['wasm'], fault: 'wrong', when: 'and with padding the forward pass as well', by: ['MaxPool3DGrad', 'MaxPool3D'] },
  { op: 'MaxPool3D', backends: ['cpu'], fault: 'wrong', when: 'the window is not a cube', by: ['MaxPool3DGrad'] },
  { op: 'AvgPool', backends: ['wasm', 'cpu'], fault: 'wrong', when: 'padded', by: ['AvgPoolGrad'] },
  { op: 'AvgPool3D', backends: ['wasm', 'cpu'], fault: 'wrong', when: 'padded', by: ['AvgPool3DGrad'] },
  { op: 'GatherV2', backends: ['wasm'], fault: 'missing', by: ['UnsortedSegmentSum'] },
  { op: 'GatherV2', backends: ['cpu'], fault: 'slow', by: ['UnsortedSegmentSum'] },
  { op: 'GatherV2', backends: everywhere, fault: 'failed', when: 'it has batch axes (wrong forward on wasm)', by: ['GatherV2'] },
  { op: 'ResizeNearestNeighbor', backends: ['cpu'], fault: 'wrong', by: ['ResizeNearestNeighborGrad'] },
  { op: 'ResizeNearestNeighbor', backends: ['wasm', 'tensorflow'], fault: 'wrong', when: 'halfPixelCenters', by: ['ResizeNearestNeighborGrad'] },
  { op: 'ResizeBilinear', backends: ['cpu'], fault: 'failed', when: 'the image is not square', by: ['ResizeBilinearGrad'] },
  { op: 'ResizeBilinear', backends: ['wasm', 'tensorflow'], fault: 'wrong', when: 'halfPixelCenters', by: ['ResizeBilinearGrad'] },
  { op: 'MirrorPad', backends: everywhere, fault: 'wrong', by: ['MirrorPad'] },
  { op: 'Cumsum', backends: everywhere, fault: 'wrong', when: 'along any axis but the last', by: ['Cumsum'] },
  { op: 'Cast', backends: everywhere, fault: 'wrong', when: 'to int32 or bool (and forward to bool on wasm)', by: ['Cast'] },
  { op: 'FusedBatchNorm', backends: everywhere, fault: 'failed', when: 'without scale or offset', by: ['FusedBatchNorm'] },
  { op: 'FusedBatchNorm', backends: everywhere, fault: 'failed', when: 'statistics have rank 4 (wrong forward on wasm and cpu)', by: ['FusedBatchNorm'] },
  { op: 'Maximum, Minimum, SquaredDifference', backends: everywhere, fault: 'failed', when: 'an input is broadcast', by: ['Maximum', 'Minimum', 'SquaredDifference'] },
  { op: comparisons, backends: everywhere, fault: 'missing', by: comparisons.split(', ') },
];

export const refusedGradients: readonly RefusedGradient[] = [
  {
    op: 'Dilation2D',
    backends: ['wasm'],
    fault: 'wrong',
    isForwardWrong: true,
    advice: 'use the tensorflow backend',
  },
  {
    op: 'MaxPoolWithArgmax',
    backends: ['wasm'],
    fault: 'wrong',
    isForwardWrong: true,
    advice: 'use maxPool, which has a gradient everywhere',
  },
];

/** What to do about an operation that fails by itself; undefined where nothing special is known. */
export const adviceByOperation: Readonly<Record<string, string>> = {
  Einsum: 'write it with transpose and matMul',
  TopK: 'use max, or a sum of products with oneHot',
  StridedSlice: 'use slice, or gather with a list of indices',
  GatherNd: 'use gather on a reshaped tensor',
  ScatterNd: 'use the product with a oneHot matrix',
  DepthToSpace: 'use reshape and transpose',
  Cumprod: 'use exp of cumsum of log',
  Diag: 'use the product with eye',
  Tile: 'use broadcastTo, or reshape to rank 4 or less',
  FFT: 'compute it in the dataset, before training',
  RFFT: 'compute it in the dataset, before training',
  MaxPool: "pad first, then use 'valid'",
  AvgPool: "pad first, then use 'valid'",
};
