import type { Logger, LogLevel } from '../logger.ts';

/** One line that was logged. */
export interface LogEntry {
  readonly level: Exclude<LogLevel, 'silent'>;
  /** The fields of the call over the bindings of the logger. */
  readonly fields: Readonly<Record<string, unknown>>;
  readonly message: string;
}

/** A logger that keeps what it is told, in order, children included. */
export interface MemoryLogger extends Logger {
  readonly entries: readonly LogEntry[];
}

/** Creates an empty memory logger. It keeps every level. */
export function createMemoryLogger(): MemoryLogger {
  const entries: LogEntry[] = [];
  return { entries, ...bind(entries, {}) };
}

function bind(entries: LogEntry[], bindings: object): Logger {
  const keep = (level: LogEntry['level']) => (fields: object, message: string) => {
    entries.push({ level, fields: { ...bindings, ...fields }, message });
  };
  return {
    debug: keep('debug'),
    info: keep('info'),
    warn: keep('warn'),
    error: keep('error'),
    child: (more) => bind(entries, { ...bindings, ...more }),
  };
}
