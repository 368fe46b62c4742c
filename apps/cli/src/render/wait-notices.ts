import type { RunEvent } from '@paceline/protocol';

/** Picks from the server's log on whom the run waits, so that each wait is said once. */
export interface WaitNotices {
  /** The line to show for a line of the log: none or one. */
  hear(line: string): readonly string[];
  /** A step that is done ends all waits: the next one is news again. */
  see(event: RunEvent): void;
}

/** Creates a memory of the waits that were said. */
export function createWaitNotices(): WaitNotices {
  const said = new Set<string>();
  return {
    hear: (line) => {
      const wait = /\bwaiting for (.+?) \((.+?)\) for [\d.]+ s; .+$/.exec(line);
      if (wait === null) return [];
      // The hold event said it already.
      if (wait[1] === 'the operator') return [];
      const subject = `${wait[1] ?? ''} (${wait[2] ?? ''})`;
      if (said.has(subject)) return [];
      said.add(subject);
      return [wait[0]];
    },
    see: (event) => {
      if (event.type === 'step' || event.type === 'start') said.clear();
    },
  };
}
