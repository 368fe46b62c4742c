/**
 * When silence becomes suspicious: the phi-accrual failure detector (Hayashibara et al. 2004) on the intervals between
 * signs of life. A sign is any received byte, so that a heartbeat behind a gradient on a slow link does not look like
 * death. With intervals taken as normally distributed, phi = 8 is crossed at mean + 5.61 standard deviations.
 */

/** What is known of the rhythm of one worker. Immutable. */
export interface Pulse {
  /** The last sign of life. */
  readonly lastMs: number;
  /** Exponentially weighted mean and variance of the intervals. */
  readonly meanMs: number;
  readonly varianceMs2: number;
}

/** The bounds of suspicion. */
export interface PulseLimits {
  /** Workers say something at least this often. */
  readonly heartbeatMs: number;
  /** No silence longer than this is borne, however irregular a worker is. */
  readonly silenceMs: number;
}

/** One-sided quantile of the normal distribution at 1 - 10^-8. */
const deviationsAtPhi8 = 5.61;
/** A scheduler that is busy elsewhere easily costs a quarter of a second. */
const leastDeviationMs = 250;
/** About the last ten intervals count. */
const newest = 0.1;

/** The pulse of a worker that has just been heard. */
export function beginPulse(nowMs: number, { heartbeatMs }: PulseLimits): Pulse {
  return { lastMs: nowMs, meanMs: heartbeatMs, varianceMs2: leastDeviationMs * leastDeviationMs };
}

/** The pulse after a sign of life at `atMs`; an older or equal one changes nothing. */
export function recordSign(pulse: Pulse, atMs: number): Pulse {
  if (atMs <= pulse.lastMs) return pulse;
  const difference = atMs - pulse.lastMs - pulse.meanMs;
  const meanMs = pulse.meanMs + newest * difference;
  const varianceMs2 = (1 - newest) * (pulse.varianceMs2 + newest * difference * difference);
  return { lastMs: atMs, meanMs, varianceMs2 };
}

/**
 * Counts silence from `nowMs` on: whoever watched was itself away (stopped, or busy for long), so that nothing can be
 * said about the time before.
 */
export function excuseSilence(pulse: Pulse, nowMs: number): Pulse {
  return { ...pulse, lastMs: Math.max(pulse.lastMs, nowMs) };
}

/** How long a silence of this worker is borne, in milliseconds: phi = 8, within the limits. */
export function patienceMs(pulse: Pulse, { heartbeatMs, silenceMs }: PulseLimits): number {
  const deviationMs = Math.max(Math.sqrt(pulse.varianceMs2), leastDeviationMs);
  const adaptive = Math.max(pulse.meanMs, heartbeatMs) + deviationsAtPhi8 * deviationMs;
  return Math.min(adaptive, silenceMs);
}
