import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';

/** Who did what when, on one thread. */
export interface Timeline {
  /** Microseconds on the clock of the machine: the same for all of its processes. */
  now(): number;
  /** What `name` says was done from `sinceMicros` until now. Phases of one thread do not overlap, or lie in each other. */
  span(name: string, sinceMicros: number): void;
  /** Writes what was not written yet. */
  flush(): void;
}

/** Keeps nothing. */
export const noTimeline: Timeline = {
  now: () => 0,
  span: () => undefined,
  flush: () => undefined,
};

/** A span as it is written, a line of JSON each: `[name, start, duration]`, in microseconds. */
export type WrittenSpan = readonly [name: string, startMicros: number, durationMicros: number];

const mostPending = 4096;
const flushEveryMs = 1000;

/**
 * Where `performance.now()` of this thread begins on the machine's clock: of ten readings the one for which both were read in
 * the least time, as a thread may be put aside in between.
 */
function zeroMicros(): number {
  const readings = Array.from({ length: 10 }, () => {
    const before = performance.now();
    const micros = Number(process.hrtime.bigint()) / 1000;
    const after = performance.now();
    return { took: after - before, zero: micros - ((before + after) / 2) * 1000 };
  });
  return readings.reduce((best, each) => (each.took < best.took ? each : best)).zero;
}

/**
 * Opens the timeline of this thread, called `thread` of `process`: a file of its own in `folder`. It is written
 * every second and when the process ends. Without a folder nothing is kept.
 *
 * @throws the system's error when the folder cannot be written
 */
export function openTimeline(
  folder: string | undefined,
  o: { readonly process: string; readonly thread: string },
): Timeline {
  if (folder === undefined) return noTimeline;
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${o.process}.${o.thread}.${process.pid}.spans`);
  let pending: WrittenSpan[] = [];
  const zero = zeroMicros();
  const now = (): number => zero + performance.now() * 1000;
  const flush = (): void => {
    if (pending.length === 0) return;
    appendFileSync(file, pending.map((span) => `${JSON.stringify(span)}\n`).join(''));
    pending = [];
  };
  setInterval(flush, flushEveryMs).unref();
  process.on('exit', flush);
  return {
    now,
    span(name, sinceMicros) {
      pending.push([name, Math.round(sinceMicros), Math.round(now() - sinceMicros)]);
      if (pending.length >= mostPending) flush();
    },
    flush,
  };
}
