import { createOptimizer } from '@paceline/math';
import type { JobSettings } from '@paceline/protocol';
import type { RunShape } from '../run/state.ts';
import { watchesGradientNorm } from '../stopping/gradient-norm.ts';
import type { ParameterStore } from './parameter-store.ts';
import { createParameterStore } from './parameter-store.ts';
import { readStartSlots } from './start-slots.ts';

/**
 * Makes room for all numbers of a run, with the optimizer as it is to begin.
 * @throws ServerError `start-unusable`
 */
export function allocateStore(
  { bucketBytes, optimizer, until, start }: JobSettings,
  { layout }: Pick<RunShape, 'layout'>,
): ParameterStore {
  const store = createParameterStore({
    tensors: layout.tensors,
    bucketBytes,
    optimizer: createOptimizer(optimizer),
    measuresGradient: watchesGradientNorm(until),
  });
  if (start?.optimizer !== undefined) store.beginSlots(readStartSlots(start.optimizer));
  return store;
}
