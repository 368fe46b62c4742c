import { readFileSync, writeFileSync } from 'node:fs';

/** What a process has used so far. */
export interface ProcessUsage {
  readonly cpuMs: number;
  /** The most that was resident at once, since the start or `resetPeaks`. */
  readonly peakBytes: number;
}

/** Of the kernel's clock for processes; 100 on every Linux that Node runs on. */
const msPerTick = 10;

/** Reads /proc; undefined where there is none, or the process is gone. */
export function usageOf(pid: number): ProcessUsage | undefined {
  try {
    // After the name in parentheses, which may hold anything: state is field 3, utime 14, stime 15.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    const ticks = Number(fields[11]) + Number(fields[12]);
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const kibibytes = Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1]);
    return { cpuMs: ticks * msPerTick, peakBytes: kibibytes * 1024 };
  } catch {
    return undefined;
  }
}

/** Lets the peaks of processes begin anew: see clear_refs in proc(5). Without /proc they stay as they are. */
export function resetPeaks(pids: Readonly<Record<string, number>>): void {
  for (const pid of Object.values(pids)) {
    try {
      writeFileSync(`/proc/${pid}/clear_refs`, '5');
    } catch {
      // Another system, or a process that is gone.
    }
  }
}

/** The same of several processes by name, without those that are gone. */
export function usageOfAll(
  pids: Readonly<Record<string, number>>,
): Readonly<Record<string, ProcessUsage>> {
  const all: Record<string, ProcessUsage> = {};
  for (const [name, pid] of Object.entries(pids)) {
    const usage = usageOf(pid);
    if (usage !== undefined) all[name] = usage;
  }
  return all;
}

/** CPU of each process between two looks, a step; and the peak at the second one. */
export function usageBetween(
  before: Readonly<Record<string, ProcessUsage>>,
  after: Readonly<Record<string, ProcessUsage>>,
  steps: number,
): {
  readonly cpuMsPerStep: Readonly<Record<string, number>>;
  readonly peakBytes: Readonly<Record<string, number>>;
} {
  const entries = Object.entries(after);
  const cpu = entries.map(([name, { cpuMs }]) => {
    return [name, (cpuMs - (before[name]?.cpuMs ?? cpuMs)) / steps];
  });
  return {
    cpuMsPerStep: Object.fromEntries(cpu) as Record<string, number>,
    peakBytes: Object.fromEntries(entries.map(([name, { peakBytes }]) => [name, peakBytes])),
  };
}
