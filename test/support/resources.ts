import { readdirSync } from 'node:fs';

/** Open file descriptors of a process; 0 once it is gone. Linux only. */
export function openFiles(pid: number): number {
  try {
    return readdirSync(`/proc/${pid}/fd`).length;
  } catch {
    return 0;
  }
}
