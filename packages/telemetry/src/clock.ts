/**
 * Time as a parameter: whoever waits or measures takes a clock, so that a test can own time.
 */
export interface Clock {
  /** Milliseconds since an arbitrary start; never goes back. Durations and deadlines use this. */
  now(): number;
  /** Milliseconds since 1970, for people: file names, log lines. May jump. */
  wallMs(): number;
  /**
   * Runs `run` once, no earlier than `delayMs` from now. The returned function cancels, any number of
   * times, also after it ran. A timer alone keeps the process alive.
   */
  setTimer(delayMs: number, run: () => void): () => void;
}

/** setTimeout fires at once for longer delays than this (24.8 days). */
const longestDelayMs = 2 ** 31 - 1;

/** The machine's clock. */
export function systemClock(): Clock {
  return {
    now: () => performance.now(),
    wallMs: () => Date.now(),
    setTimer(delayMs, run) {
      const timer = setTimeout(run, Math.min(Math.max(delayMs, 0), longestDelayMs));
      return () => {
        clearTimeout(timer);
      };
    },
  };
}
