import type { Beginning } from '../beginning.ts';
import type { TimeSpent } from './goodput.ts';

/**
 * What earlier lives of the run spent, by category, up to this moment. After a crash, the time between the checkpoint
 * and the last event was computing (it is done again, and counts as `recomputed` then), and the time since was `down`.
 * After a clean end the clock starts anew: nobody waited in between. Pure.
 */
export function earlierTime(
  { start: { image }, history }: Pick<Beginning, 'start' | 'history'>,
  wallMs: number,
): TimeSpent {
  if (image === undefined || typeof image.sections['progress']?.['ended'] === 'string') return {};
  const spent = readSpent(image.sections['time']?.['spentMs']);
  const { createdAtMs } = image.facts;
  const lastMs = Math.min(Math.max(history.lastEventMs ?? createdAtMs, createdAtMs), wallMs);
  return {
    ...spent,
    compute: (spent.compute ?? 0) + lastMs - createdAtMs,
    down: (spent.down ?? 0) + wallMs - lastMs,
  };
}

function readSpent(value: unknown): TimeSpent {
  if (typeof value !== 'object' || value === null) return {};
  const entries = Object.entries(value).filter(([, ms]) => typeof ms === 'number' && ms >= 0);
  return Object.fromEntries(entries);
}
