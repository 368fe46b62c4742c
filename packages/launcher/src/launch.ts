import type { RunEvent } from '@paceline/protocol';
import type { Clock } from '@paceline/telemetry';

import { compileCacheFolder } from './compile-cache.ts';
import { placeRun } from './placement.ts';
import { planLocalRun } from './plan.ts';
import type { LocalRunOptions } from './plan.ts';
import { openPrivateDirectory } from './private-directory.ts';
import { startProcess } from './process/process.ts';
import { createSupervisor } from './supervisor.ts';
import type { Supervisor } from './supervisor.ts';

/** Ctrl-C must end everything within 3 s: 1.7 s to leave, then SIGTERM, and 0.8 s later SIGKILL. */
const stopMs = 1700;
const killMs = 800;

/** A server loads a job file and binds an address; a minute would already be a broken machine. */
const startMs = 60_000;

/** What `launchLocalRun` starts. */
export interface LaunchOptions extends Omit<
  LocalRunOptions,
  'launcherPid' | 'privateDirectory' | 'compileCache' | 'placement'
> {
  /** How often the server, and each worker, is started again when it crashes again and again. */
  readonly maxRestarts: number;
  readonly clock: Clock;
  readonly onEvent: (event: RunEvent) => void;
  readonly onLog: (process: string, line: string) => void;
}

/**
 * Starts a whole run on this machine: one server and its workers, each a process of its own. When `ended`
 * resolves, no process and no file but the run's own folder is left.
 *
 * @throws LauncherError `no-socket-directory`
 */
export function launchLocalRun(options: LaunchOptions): Supervisor {
  const directory = openPrivateDirectory();
  const compileCache = compileCacheFolder();
  const plan = planLocalRun({
    ...options,
    launcherPid: process.pid,
    placement: placeRun(options.workers),
    ...(compileCache === undefined ? {} : { compileCache }),
    privateDirectory: directory,
  });
  const supervisor = createSupervisor(plan, {
    clock: options.clock,
    limits: {
      maxRestarts: options.maxRestarts,
      startMs,
      leaveMs: 5_000,
      stopMs,
      killMs,
    },
    start: startProcess,
    onEvent: options.onEvent,
    onLog: options.onLog,
  });
  const ended = supervisor.ended.finally(() => directory.remove());
  return { ended, stop: supervisor.stop };
}
