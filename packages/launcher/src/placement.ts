import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';

/** A command that starts another one in its own place: what to put in front of it. */
export type Prefix = readonly string[];

/** What to put in front of the commands of a run. */
export interface Placement {
  readonly server: Prefix;
  /** By worker: w1, w2, ... */
  readonly workers: readonly Prefix[];
}

const batch: Prefix = ['chrt', '-b', '0'];
const anywhere: Placement = { server: [], workers: [] };

/**
 * Where the processes of a run compute.
 *
 * Workers that fill the machine each keep to a core of their own: the scheduler would put two on one. They and the server
 * are batch processes (sched(7)), which do not interrupt each other when they wake: a server that goes first as soon as the
 * first frame is there keeps a worker from sending the next. With fewer workers than cores the scheduler does well by
 * itself, with more it must.
 */
export function placeRun(
  workers: number,
  o: { readonly cores: readonly number[]; readonly works: (prefix: Prefix) => boolean } = {
    cores: ownCores(),
    works: canStartBehind,
  },
): Placement {
  if (workers !== o.cores.length || workers === 1) return anywhere;
  const prefixes = o.cores.map((core): Prefix => [...batch, 'taskset', '-c', String(core)]);
  return prefixes.every(o.works) ? { server: batch, workers: prefixes } : anywhere;
}

/** The cores that this process may use, by their numbers; none where that is not known, or is less than it seems. */
function ownCores(): readonly number[] {
  try {
    const status = readFileSync('/proc/self/status', 'utf8');
    const cores = parseCores(/^Cpus_allowed_list:\s*(\S+)/m.exec(status)?.[1] ?? '');
    // A container may have many cores and little time on them.
    return cores.length === availableParallelism() ? cores : [];
  } catch {
    return [];
  }
}

/** Reads `0-2,5`, as Linux writes sets of cores. */
export function parseCores(list: string): readonly number[] {
  return [...list.matchAll(/(\d+)(?:-(\d+))?/g)].flatMap(([, first, last]) => {
    const count = Number(last ?? first) - Number(first) + 1;
    return Array.from({ length: count }, (_, i) => Number(first) + i);
  });
}

/** Both programs are part of every Linux, but a sandbox may refuse what they ask for. */
function canStartBehind([command = '', ...args]: Prefix): boolean {
  return spawnSync(command, [...args, 'true'], { stdio: 'ignore', timeout: 1000 }).status === 0;
}
