import { existsSync, readFileSync, statSync } from 'node:fs';

/** What an earlier life of a run left in its event log. */
export interface History {
  /** The highest step that was reported: steps up to it are computed again. */
  readonly highestStep: number;
  /** When the last event was written, by the wall clock; undefined without a log. */
  readonly lastEventMs: number | undefined;
}

/** Reads the event log of a run; a missing one, or lines that are torn, say nothing. Blocks. */
export function readHistory(path: string | undefined): History {
  if (path === undefined || !existsSync(path)) return { highestStep: 0, lastEventMs: undefined };
  let highestStep = 0;
  for (const line of readFileSync(path, 'utf8').split('\n')) {
    if (line.startsWith('{"type":"step"')) highestStep = Math.max(highestStep, stepOf(line));
  }
  return { highestStep, lastEventMs: statSync(path).mtimeMs };
}

function stepOf(line: string): number {
  try {
    const event: unknown = JSON.parse(line);
    const isStep = typeof event === 'object' && event !== null && 'step' in event;
    return isStep && typeof event.step === 'number' ? event.step : 0;
  } catch {
    return 0;
  }
}
