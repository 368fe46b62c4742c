import { encodeEvent } from '@paceline/protocol';
import type { RunEvent } from '@paceline/protocol';
import type { Clock } from '@paceline/telemetry';

import { eventLine } from '../render/event-line.ts';
import type { Detail } from '../render/event-line.ts';
import { progressLine } from '../render/progress-line.ts';
import { emptyRunView, nextRunView } from '../render/run-view.ts';
import { summaryLines } from '../render/summary.ts';

/** How a program tells of a run on standard output. */
export type OutputStyle = 'json' | 'lines' | 'quiet';

/** A progress line at most this often where nobody watches a live one. */
const progressEveryMs = 5_000;

export interface EventOutputOptions {
  readonly style: OutputStyle;
  /** Which lines are kept, with style `lines`. */
  readonly detail: Detail;
  readonly clock: Clock;
  readonly write: (text: string) => void;
}

/**
 * Creates the function that writes events as `style` says: one JSON object a line; plain lines with the progress
 * every few seconds; or only the summary and faults.
 */
export function createEventOutput(options: EventOutputOptions): (event: RunEvent) => void {
  const { style, detail, clock, write } = options;
  if (style === 'json') {
    return (event) => {
      write(`${encodeEvent(event)}\n`);
    };
  }
  let view = emptyRunView;
  let lastProgressMs = clock.now();
  return (event) => {
    const nowMs = clock.now();
    view = nextRunView(view, event, nowMs);
    const line = style === 'lines' || event.type === 'fault' ? eventLine(event, detail) : undefined;
    if (line !== undefined) write(`${line}\n`);
    if (event.type === 'end') for (const text of summaryLines(view)) write(`${text}\n`);
    if (style === 'lines' && event.type === 'step' && nowMs - lastProgressMs >= progressEveryMs) {
      lastProgressMs = nowMs;
      write(`${progressLine(view, nowMs)}\n`);
    }
  };
}

/**
 * Writes to standard output, for as long as somebody reads it: a launcher that was killed leaves a broken pipe,
 * which must not end a server before it wrote its checkpoint.
 */
export function writeOutput(text: string): void {
  process.stdout.write(text);
}

/** To be called once before the first write. */
export function ignoreBrokenOutput(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
}
