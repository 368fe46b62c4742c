import { createLogger } from '@paceline/telemetry';
import type { Logger, LogLevel } from '@paceline/telemetry';

import { launcherPidOf } from './watch-launcher.ts';

export interface LogFlags {
  readonly logLevel: LogLevel;
  readonly logFormat?: 'pretty' | 'json';
}

/** The logger of a program: for people on a terminal and under the launcher, JSON for collectors. */
export function createProgramLogger(name: string, flags: LogFlags): Logger {
  const forPeople = process.stderr.isTTY || launcherPidOf(process.env) !== undefined;
  const format = flags.logFormat ?? (forPeople ? 'pretty' : 'json');
  return createLogger({ name, level: flags.logLevel, pretty: format === 'pretty' });
}
