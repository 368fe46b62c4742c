import { createOptimizer } from '@paceline/math';
import type { JobSettings } from '@paceline/protocol';
import type { RunShape } from '../run/state.ts';
import { watchesGradientNorm } from '../stopping/gradient-norm.ts';
import type { ParameterStore } from './parameter-store.ts';
import { createParameterStore } from './parameter-store.ts';

/** Makes room for all numbers of a run. */
export function allocateStore(
  { bucketBytes, optimizer, until }: JobSettings,
  { layout }: Pick<RunShape, 'layout'>,
): ParameterStore {
  return createParameterStore({
    tensors: layout.tensors,
    bucketBytes,
    optimizer: createOptimizer(optimizer),
    measuresGradient: watchesGradientNorm(until),
  });
}
