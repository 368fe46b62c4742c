import type { RunEvent } from '@paceline/protocol';
import type { Clock } from '@paceline/telemetry';
import { createEventOutput, writeOutput } from 'paceline/programs';

export interface OutputFlags {
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** Where the events and log lines of a run go. */
export interface RunOutput {
  readonly show: (event: RunEvent) => void;
  /** A line for people: above the live line, or on standard error. */
  readonly log: (line: string) => void;
  readonly close: () => void;
}

/** JSON lines with `--json`; a live line on a terminal; plain lines on a pipe; the end alone with `--quiet`. */
export async function createRunOutput(flags: OutputFlags, clock: Clock): Promise<RunOutput> {
  const isLive = process.stdout.isTTY && flags.json !== true && flags.quiet !== true;
  if (isLive) {
    // Tables of how wide characters are, for terminals alone.
    const { createLiveOutput } = await import('./live-output.ts');
    const live = createLiveOutput(process.stdout, clock);
    return { show: live.show, log: live.keep, close: live.close };
  }
  const style = flags.json === true ? 'json' : flags.quiet === true ? 'quiet' : 'lines';
  return {
    show: createEventOutput({ style, detail: 'brief', clock, write: writeOutput }),
    log: (line) => {
      process.stderr.write(`${line}\n`);
    },
    close: () => undefined,
  };
}
