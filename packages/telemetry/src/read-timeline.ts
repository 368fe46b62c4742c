import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { WrittenSpan } from './timeline.ts';

/** What one thread did, in the order in which it was done with it. */
export interface ThreadTimeline {
  readonly process: string;
  readonly thread: string;
  readonly spans: readonly WrittenSpan[];
}

/**
 * Reads what the threads of a run wrote into a folder of `openTimeline`. A line that a process died over is left out.
 *
 * @throws the system's error when the folder cannot be read
 */
export function readTimeline(folder: string): readonly ThreadTimeline[] {
  return readdirSync(folder).flatMap((file) => {
    // A process may be called anything: thread, process id and ending are the last three words.
    const [, process, thread] = /^(.+)\.([^.]+)\.\d+\.spans$/.exec(file) ?? [];
    if (process === undefined || thread === undefined) return [];
    const lines = readFileSync(join(folder, file), 'utf8').split('\n').slice(0, -1);
    return [{ process, thread, spans: lines.map((line) => JSON.parse(line) as WrittenSpan) }];
  });
}
