import { avgPoolRepairs } from './avg-pool.ts';
import { batchNormLayerRepair } from './batch-norm-layer.ts';
import { batchNormRepairs } from './batch-norm.ts';
import { biasAddRepairs } from './bias-add.ts';
import { broadcastRepairs } from './broadcast.ts';
import { castRepairs } from './cast.ts';
import { comparisonRepairs } from './comparisons.ts';
import { conv3dTransposeRepair } from './conv3d-transpose.ts';
import { convolutionRepairs } from './convolution.ts';
import { cumsumRepairs } from './cumsum.ts';
import { denseLayerRepair } from './dense-layer.ts';
import { depthwiseConvolutionRepairs } from './depthwise-convolution.ts';
import { dilationRepairs } from './dilation.ts';
import { fusedConvolutionRepair } from './fused-convolution.ts';
import { gatherRepairs } from './gather.ts';
import { matMulRepairs } from './mat-mul.ts';
import { maxPoolRepairs } from './max-pool.ts';
import { mirrorPadRepairs } from './mirror-pad.ts';
import { nativeMatMulRepair } from './native-mat-mul.ts';
import { nativeMaxPoolRepairs } from './native-max-pool.ts';
import { nativeReluRepairs } from './native-relu.ts';
import { nativeReshapeRepair } from './native-reshape.ts';
import { ndGatherRepairs } from './nd-gather.ts';
import { numericPaddingRepairs } from './numeric-padding.ts';
import type { Repair } from './repair.ts';
import { resizeRepairs } from './resize.ts';
import { segmentSumRepairs } from './segment-sum.ts';
import { softmaxRepair } from './softmax.ts';

/** Every repair, for every backend. */
export const repairs: readonly Repair[] = [
  ...matMulRepairs,
  ...convolutionRepairs,
  conv3dTransposeRepair,
  ...depthwiseConvolutionRepairs,
  ...maxPoolRepairs,
  ...avgPoolRepairs,
  ...gatherRepairs,
  ...ndGatherRepairs,
  ...batchNormRepairs,
  batchNormLayerRepair,
  ...segmentSumRepairs,
  ...resizeRepairs,
  ...numericPaddingRepairs,
  ...dilationRepairs,
  fusedConvolutionRepair,
  ...mirrorPadRepairs,
  ...cumsumRepairs,
  ...castRepairs,
  ...comparisonRepairs,
  ...broadcastRepairs,
  ...nativeReluRepairs,
  ...nativeMaxPoolRepairs,
  ...biasAddRepairs,
  nativeMatMulRepair,
  nativeReshapeRepair,
  denseLayerRepair,
  softmaxRepair,
];
