import type { Patience } from '@paceline/math';
import { freshPatience, observe } from '@paceline/math';
import type { EarlyStoppingSettings, UntilSettings } from '@paceline/protocol';
import type { Summary } from '../run/summary.ts';
import { valueOf } from '../run/summary.ts';

/** What was the best so far, by the metric that early stopping watches. Plain values: a checkpoint keeps them. */
export interface BestSoFar extends Patience {
  /** Which metric, and how: watched otherwise, it begins anew. */
  readonly of: string;
  /** The version that was best, and all that was found of it; undefined before the first. */
  readonly step: number | undefined;
  readonly summary: Summary | undefined;
}

/** Before the first observation. */
export const nothingSoFar: BestSoFar = {
  ...freshPatience,
  of: '',
  step: undefined,
  summary: undefined,
};

/** Whether a run that ended so gives the weights of its best evaluation, where it has one. */
export function givesBest(until: UntilSettings, status: unknown): boolean {
  return status === 'finished' && until.earlyStopping?.restoreBest === true;
}

/** What was found of one more version. Pure. */
export function observeBest(
  best: BestSoFar,
  { step, summary }: { readonly step: number; readonly summary: Summary },
  settings: EarlyStoppingSettings,
): BestSoFar {
  const of = `${settings.mode} ${settings.metric}`;
  const before = best.of === of ? best : { ...nothingSoFar, of };
  const next = observe(before, valueOf(summary, settings.metric), settings);
  const isBest = next.best !== undefined && next.waited === 0;
  return isBest ? { ...next, of, step, summary } : { ...before, ...next };
}
