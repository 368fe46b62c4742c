import type { ThreadTimeline } from '@paceline/telemetry';

/** A stretch of time on the clock of timelines. */
export interface Stretch {
  readonly fromMicros: number;
  readonly toMicros: number;
}

/**
 * A step as its first worker sees it, from the beginning of a leaf to that of the next: of those in the second half of the
 * run the one of median length. Pure. @throws Error when nobody computed twice
 */
export function medianStep(threads: readonly ThreadTimeline[]): Stretch {
  const [worker] = threads
    .filter(({ thread }) => thread === 'compute')
    .sort((a, b) => a.process.localeCompare(b.process));
  const starts = (worker?.spans ?? []).flatMap(([name, start]) =>
    name === 'forward' ? start : [],
  );
  const steps = starts.slice(1).map((toMicros, i) => ({ fromMicros: starts[i] ?? NaN, toMicros }));
  const late = steps
    .slice(Math.floor(steps.length / 2))
    .sort((a, b) => a.toMicros - a.fromMicros - (b.toMicros - b.fromMicros));
  const median = late[Math.floor(late.length / 2)];
  if (median === undefined) throw new Error('no worker has computed two leaves in this timeline');
  return median;
}
