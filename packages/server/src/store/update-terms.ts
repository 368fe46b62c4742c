import type { TreeNode } from '@paceline/math';

/** What a step is to all buckets. */
export interface UpdateTerms {
  readonly version: number;
  readonly root: TreeNode;
  readonly weight: number;
  /** How many updates there were before this one. */
  readonly updates: number;
  readonly learningRate: number;
}

/** One bucket's step. */
export interface UpdateRequest extends UpdateTerms {
  readonly bucket: number;
  /** Leave the parameters as they are. */
  readonly skip: boolean;
}
