import { smallJob } from './small-job.ts';

/** The rate is halved in the middle of the run; behind step 300 there is none. */
export default {
  ...smallJob(),
  schedule: (step: number, { totalSteps }: { readonly totalSteps: number }): number => {
    if (step >= 300) return NaN;
    return step < totalSteps / 2 ? 1 : 0.5;
  },
};
