import { avgPoolRepairs } from './avg-pool.ts';
import { batchNormRepairs } from './batch-norm.ts';
import { broadcastRepairs } from './broadcast.ts';
import { castRepairs } from './cast.ts';
import { comparisonRepairs } from './comparisons.ts';
import { convolutionRepairs } from './convolution.ts';
import { cumsumRepairs } from './cumsum.ts';
import { depthwiseConvolutionRepairs } from './depthwise-convolution.ts';
import { dilationRepairs } from './dilation.ts';
import { gatherRepairs } from './gather.ts';
import { matMulRepairs } from './mat-mul.ts';
import { maxPoolRepairs } from './max-pool.ts';
import { mirrorPadRepairs } from './mirror-pad.ts';
import { numericPaddingRepairs } from './numeric-padding.ts';
import type { Repair } from './repair.ts';
import { resizeRepairs } from './resize.ts';
import { segmentSumRepairs } from './segment-sum.ts';

/** Every repair, for every backend. */
export const repairs: readonly Repair[] = [
  ...matMulRepairs,
  ...convolutionRepairs,
  ...depthwiseConvolutionRepairs,
  ...maxPoolRepairs,
  ...avgPoolRepairs,
  ...gatherRepairs,
  ...batchNormRepairs,
  ...segmentSumRepairs,
  ...resizeRepairs,
  ...numericPaddingRepairs,
  ...dilationRepairs,
  ...mirrorPadRepairs,
  ...cumsumRepairs,
  ...castRepairs,
  ...comparisonRepairs,
  ...broadcastRepairs,
];
