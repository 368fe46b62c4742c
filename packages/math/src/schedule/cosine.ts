/**
 * Schedules along a cosine. x is the step since the warm-up, T how long a curve takes.
 *
 *     cosine      end + (1 - end) (1 + cos(pi min(x, T) / T)) / 2: Loshchilov, Hutter: SGDR: stochastic gradient descent with warm
 *                 restarts (ICLR 2017), equation 5. With `restarts`, curve i = 0, 1, ... takes T * lengthFactor^i and begins at
 *                 heightFactor^i (Keras CosineDecayRestarts; PyTorch's CosineAnnealingWarmRestarts has whole length factors and no height)
 *     one-cycle   from 1 / divideBy up to 1 within the part `up` of the run, then down to 1 / (divideBy finalDivideBy), each along
 *                 half a cosine: Smith, Topin: Super-convergence (arXiv:1708.07120), in the form of PyTorch's OneCycleLR (without its cycle of the momentum);
 *                 the learning rate of the settings is the highest one
 */
import { cosine as cosineOf } from '../kernels/functions.ts';
import { wholePower } from '../optimizer/powers.ts';
import type { WarmupSettings, Schedule } from './schedule.ts';

/** Along half a cosine, once or again and again. */
export interface CosineSettings extends WarmupSettings {
  readonly type: 'cosine';
  /** Last factor; >= 0. */
  readonly end: number;
  /** Of the first curve; the rest of the run by default. */
  readonly lengthSteps?: number;
  readonly restarts?: RestartSettings;
}

/** How each curve differs from the one before. */
export interface RestartSettings {
  /** >= 1 */
  readonly lengthFactor: number;
  /** > 0 */
  readonly heightFactor: number;
}

/** Up once, and down. */
export interface OneCycleSettings extends WarmupSettings {
  readonly type: 'one-cycle';
  /** Part of the length in which the rate grows; in (0, 1). */
  readonly up: number;
  /** > 0 */
  readonly divideBy: number;
  /** > 0 */
  readonly finalDivideBy: number;
  /** The rest of the run by default. */
  readonly lengthSteps?: number;
}

/** @param length of the first curve, in steps */
export function cosine({ end, restarts }: CosineSettings, length: number): Schedule {
  return (x) => {
    const curve =
      restarts === undefined ? { at: x, length, height: 1 } : curveAt(x, length, restarts);
    return end + (1 - end) * curve.height * half(curve.at / curve.length);
  };
}

/** @param length in steps; the last step is at its end */
export function oneCycle(
  { up, divideBy, finalDivideBy }: OneCycleSettings,
  length: number,
): Schedule {
  const last = Math.max(1, length - 1);
  const top = up * length - 1;
  const [first, end] = [1 / divideBy, 1 / (divideBy * finalDivideBy)];
  return (x) => {
    if (x <= top) return first * half(x / top) + (1 - half(x / top));
    return end + (1 - end) * half(top >= last ? 1 : (x - top) / (last - top));
  };
}

/** (1 + cos(pi part)) / 2, which falls from 1 to 0. */
function half(part: number): number {
  return (1 + cosineOf(Math.PI * Math.min(part, 1))) / 2;
}

/** The curve that a step is on, and where. */
function curveAt(
  x: number,
  length: number,
  { lengthFactor, heightFactor }: RestartSettings,
): { readonly at: number; readonly length: number; readonly height: number } {
  if (lengthFactor === 1) {
    const count = Math.floor(x / length);
    return { at: x - count * length, length, height: wholePower(heightFactor, count) };
  }
  let [at, long, height] = [x, length, 1];
  while (at >= long) {
    at -= long;
    long *= lengthFactor;
    height *= heightFactor;
  }
  return { at, length: long, height };
}
