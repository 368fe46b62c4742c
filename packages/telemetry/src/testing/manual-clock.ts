import type { Clock } from '../clock.ts';

/** A clock that stands still until a test moves it. */
export interface ManualClock extends Clock {
  /**
   * Moves time on by `ms`, running the timers that fall due in the order of their times (equal times:
   * in the order they were set), each at its own instant. Promises settle between timers, and a timer
   * set by a timer runs too if it falls due.
   */
  advance(ms: number): Promise<void>;
  /** Timers that are set and have neither run nor been cancelled. */
  readonly pendingTimers: number;
}

interface Timer {
  readonly dueMs: number;
  readonly run: () => void;
}

/** Creates a clock at `now() === 0` whose wall time starts at `wallStartMs`. */
export function createManualClock(wallStartMs: number = Date.UTC(2026, 0, 1)): ManualClock {
  const timers = new Set<Timer>();
  let nowMs = 0;

  async function advance(ms: number): Promise<void> {
    const endMs = nowMs + ms;
    await settle();
    for (let next = earliest(timers, endMs); next; next = earliest(timers, endMs)) {
      timers.delete(next);
      nowMs = Math.max(nowMs, next.dueMs);
      next.run();
      await settle();
    }
    nowMs = endMs;
  }

  return {
    now: () => nowMs,
    wallMs: () => wallStartMs + nowMs,
    setTimer(delayMs, run) {
      const timer = { dueMs: nowMs + Math.max(delayMs, 0), run };
      timers.add(timer);
      return () => {
        timers.delete(timer);
      };
    },
    advance,
    get pendingTimers() {
      return timers.size;
    },
  };
}

/** The first of the earliest timers due by `endMs`; a Set keeps the order of insertion. */
function earliest(timers: ReadonlySet<Timer>, endMs: number): Timer | undefined {
  let first: Timer | undefined;
  for (const timer of timers) {
    if (timer.dueMs <= endMs && (!first || timer.dueMs < first.dueMs)) first = timer;
  }
  return first;
}

/** Lets every chain of already settled promises run: a macrotask comes after all microtasks. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
