import type { StepPolicy } from './policy.ts';

/** The index of the bucket that carries weight, loss and metric counts. */
export const scalarsBucket = 0;

/**
 * Synchronous SGD: one update a step, from the sum over all microbatches; everybody computes on exactly the
 * same version. A bucket needs its own root and the total weight (the scalars' root); `wholeVector` (skipping
 * non-finite steps, norms over everything) makes it wait for all roots.
 */
export const syncPolicy: StepPolicy = {
  name: 'sync',
  judge: (version, open) => (version === open ? 'current' : version < open ? 'late' : 'future'),
  updatable: (round, { wholeVector }) => {
    if (!round.roots.has(scalarsBucket)) return [];
    if (wholeVector && round.roots.size < round.progress.length) return [];
    return [...round.roots]
      .filter((bucket) => bucket !== scalarsBucket && !round.updated.has(bucket))
      .sort((a, b) => a - b);
  },
};
