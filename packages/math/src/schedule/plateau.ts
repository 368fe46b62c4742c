/**
 * A rate that falls when training stalls. It follows what was observed, and not the step alone: the state of it is kept beside
 * the parameters. After each observation (an evaluation, or an epoch where there is no test data):
 *
 *     better than the best by more than minChange:   wait = 0
 *     else, outside of a cooldown:                   wait = wait + 1
 *     wait >= patience:                              factor of the rate = max(factor of the rate * factor, end), wait = 0,
 *                                                    and a cooldown of so many observations begins
 *
 * Keras' ReduceLROnPlateau is the same, with its `min_delta` and, for `end`, a `min_lr` in units of the rate. PyTorch's waits for one
 * observation more, and takes its threshold for a part of the best value.
 */
import type { Patience, PatienceSettings } from '../patience.ts';
import { freshPatience, observe } from '../patience.ts';
import type { WarmupSettings } from './schedule.ts';

/** Smaller whenever a value has not become better for a while. */
export interface PlateauSettings extends WarmupSettings, PatienceSettings {
  readonly type: 'reduce-on-plateau';
  /** `loss`, or the name of a metric. */
  readonly metric: string;
  /** > 0 and < 1 */
  readonly factor: number;
  /** Observations after a reduction that count for nothing; >= 0. */
  readonly cooldown: number;
  /** Least factor; >= 0. */
  readonly end: number;
}

/** Where such a schedule stands. Plain numbers: a checkpoint keeps them. */
export interface Plateau extends Patience {
  /** Of the rate, so far. */
  readonly factor: number;
  /** Observations of the cooldown that are left. */
  readonly cooldown: number;
}

/** Before the first observation. */
export const freshPlateau: Plateau = { ...freshPatience, factor: 1, cooldown: 0 };

/** One more observation. Pure. */
export function observePlateau(
  plateau: Plateau,
  value: number,
  settings: PlateauSettings,
): Plateau {
  const cooldown = Math.max(0, plateau.cooldown - 1);
  const { best, waited } = observe(plateau, value, settings);
  if (waited === 0 || cooldown > 0) return { ...plateau, best, waited: 0, cooldown };
  const isStalled = waited >= settings.patience && plateau.factor > settings.end;
  if (!isStalled) return { ...plateau, best, waited, cooldown };
  const factor = Math.max(plateau.factor * settings.factor, settings.end);
  return { best, waited: 0, factor, cooldown: settings.cooldown };
}
