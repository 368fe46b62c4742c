import type { Clock } from '@paceline/telemetry';

const pollMs = 1000;

/**
 * Calls `onGone` once when the launcher that started this process is gone: a launcher that was killed cannot
 * tell its children. The returned function ends the watch.
 */
export function watchLauncher(launcherPid: number, clock: Clock, onGone: () => void): () => void {
  const isParent = process.ppid === launcherPid;
  let cancel = (): void => undefined;
  const poll = (): void => {
    const gone = isParent ? process.ppid !== launcherPid : !isAlive(launcherPid);
    if (gone) onGone();
    else cancel = clock.setTimer(pollMs, poll);
  };
  cancel = clock.setTimer(pollMs, poll);
  return () => {
    cancel();
  };
}

/** The launcher's pid, when a launcher started this process. */
export function launcherPidOf(
  env: Readonly<Record<string, string | undefined>>,
): number | undefined {
  const pid = Number(env['PACELINE_LAUNCHER_PID']);
  return Number.isSafeInteger(pid) && pid > 0 ? pid : undefined;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
