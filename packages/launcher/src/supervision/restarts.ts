import type { ProcessExit } from '../process/exit.ts';

const firstDelayMs = 100;
const longestDelayMs = 10_000;
/** A process that lived for so long was well: what ends it now is something new. */
const wellAfterMs = 30_000;

/** Crashes of one process that followed each other closely. */
export interface CrashStreak {
  readonly crashes: number;
  /** The first one, which tells the cause: those that follow are often its consequences. */
  readonly first: ProcessExit;
}

/** The streak after one more crash of a process that had lived for `livedMs`. */
export function nextStreak(
  streak: CrashStreak | undefined,
  exit: ProcessExit,
  livedMs: number,
): CrashStreak {
  if (streak === undefined || livedMs >= wellAfterMs) return { crashes: 1, first: exit };
  return { ...streak, crashes: streak.crashes + 1 };
}

/**
 * How long to wait before the process is started again: 0.1 s after the first crash, so that little time is lost, then
 * twice as long each time, but never more than 10 s. `undefined`: it crashed more than `maxRestarts` times in a row.
 */
export function restartDelayMs(streak: CrashStreak, maxRestarts: number): number | undefined {
  if (streak.crashes > maxRestarts) return undefined;
  return Math.min(firstDelayMs * 2 ** (streak.crashes - 1), longestDelayMs);
}
