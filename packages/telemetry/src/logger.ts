import { pino } from 'pino';

import { createPrettyStream } from './pretty.ts';

/** How much is logged: everything at this level and above. `silent` logs nothing. */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

/** Words and data for people who run or repair a cluster; never the way a program learns something. */
export interface Logger {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
  /** A logger that adds `bindings` to each line. */
  child(bindings: object): Logger;
}

/** Who logs, how much and for whom. */
export interface LoggerOptions {
  /** The process or part that speaks, for example `server` or `worker w1`. */
  readonly name: string;
  /** Default `info`. */
  readonly level?: LogLevel;
  /** Lines for a person at a terminal instead of JSON. Default false. */
  readonly pretty?: boolean;
}

/**
 * Creates a logger that writes to stderr (stdout belongs to `--json`), one JSON object a line. An
 * `error` among the fields is written with its stack and causes. Writes are synchronous: the last
 * words before `process.exit` are those that matter most.
 */
export function createLogger(options: LoggerOptions): Logger {
  const stderr = pino.destination({ dest: 2, sync: true });
  const level = options.level ?? 'info';
  const settings = {
    name: options.name,
    level,
    serializers: { error: pino.stdSerializers.err },
  };
  return pino(settings, options.pretty ? createPrettyStream(stderr) : stderr);
}
