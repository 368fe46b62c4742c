import { createLogger } from '@paceline/telemetry';
import type { Logger, LogLevel } from '@paceline/telemetry';

import { launcherPidOf } from './watch-launcher.ts';

export interface LogFlags {
  readonly logLevel: LogLevel;
  readonly logFormat?: 'pretty' | 'json';
}

/** Whether log lines are for people, as on a terminal and under the launcher, or JSON for collectors. */
export function isPrettyLog(flags: LogFlags): boolean {
  if (flags.logFormat !== undefined) return flags.logFormat === 'pretty';
  return process.stderr.isTTY || launcherPidOf(process.env) !== undefined;
}

/** The logger of a program. */
export function createProgramLogger(name: string, flags: LogFlags): Logger {
  return createLogger({ name, level: flags.logLevel, pretty: isPrettyLog(flags) });
}
