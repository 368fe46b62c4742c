import type { UntilSettings } from '@paceline/protocol';

/** By this name a rule watches the norm of a step's mean gradient, over all trainable parameters. */
export const gradientNormName = 'gradientNorm';

/** Whether a rule needs it: it costs a pass over the gradient, and updates wait for the whole of it. */
export function watchesGradientNorm({ converged, target }: UntilSettings): boolean {
  return converged?.of === gradientNormName || target?.metric === gradientNormName;
}
