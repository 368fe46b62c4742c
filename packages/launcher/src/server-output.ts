import type { RunEvent } from '@paceline/protocol';

/**
 * Reads one line of a server's `--json` output. Anything that is not an event (a job file that prints, a
 * warning of Node's) gives `undefined`: the caller treats it as a line of the log.
 */
export function readEventLine(line: string): RunEvent | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    const value: unknown = JSON.parse(line);
    return isEvent(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

// The server is our own program and of our own version: its events need no second check of every field.
function isEvent(value: unknown): value is RunEvent {
  return (
    typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'
  );
}

/** What a server listens on, as its `started` event says. */
export function startedAddress(event: RunEvent): string | undefined {
  if (event.type !== 'server' || event.event !== 'started') return undefined;
  return event.address;
}
