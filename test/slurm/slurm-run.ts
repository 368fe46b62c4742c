import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { RunEvent } from '@paceline/protocol';
import { vi } from 'vitest';

import { root } from '../architecture/workspace.ts';
import type { EventOf } from '../support/paceline.ts';
import type { SlurmCluster } from './cluster.ts';

/** A run that `paceline.sbatch` makes. */
export interface SlurmRun {
  readonly id: string;
  /** The run's folder, and the private one in it. */
  readonly out: string;
  readonly private: string;
  readonly events: () => readonly RunEvent[];
  /** What the job printed. */
  readonly output: () => string;
  /** Fields of `scontrol show job`. */
  facts(): Promise<ReadonlyMap<string, string>>;
  /** Waits until there were so many events of that type that `is` accepts; the newest of them. */
  event<T extends RunEvent['type']>(
    type: T,
    is?: (event: EventOf<T>) => boolean,
    count?: number,
  ): Promise<EventOf<T>>;
  /** Waits until the run holds after that step, for the so manieth time. */
  held(step: number, count?: number): Promise<void>;
  /** Lets it go on, as its user does. */
  resume(): Promise<void>;
  /** Waits until the job is in that state. */
  reached(state: 'PENDING' | 'RUNNING' | 'COMPLETED' | 'FAILED' | 'CANCELLED'): Promise<void>;
  /** A requeued job waits for two minutes: not here. */
  startNow(): Promise<void>;
}

const script = (name: string): string => join(root, 'deploy/slurm', name);

const patience = { timeout: 90_000, interval: 200 };

export interface SubmitOptions {
  /** Of sbatch. */
  readonly options?: readonly string[];
  /** Of the script. */
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Where sbatch is called; the project unless given. */
  readonly directory?: string;
}

/** Calls sbatch; the job's number. */
export async function submit(
  cluster: SlurmCluster,
  name: string,
  { options = [], args, ...where }: SubmitOptions,
): Promise<string> {
  const words = ['--parsable', ...options, script(name), ...args];
  return (await cluster.user('sbatch', words, where)).trim();
}

/** Submits `paceline.sbatch` for three nodes. */
export async function submitRun(cluster: SlurmCluster, o: SubmitOptions): Promise<SlurmRun> {
  const options = ['--nodes=3', '--time=10', ...(o.options ?? [])];
  const id = await submit(cluster, 'paceline.sbatch', { ...o, options });
  return slurmRun(cluster, id, o.directory ?? cluster.project);
}

function slurmRun(cluster: SlurmCluster, id: string, directory: string): SlurmRun {
  const out = join(directory, `runs/slurm-${id}`);
  const events = (): readonly RunEvent[] =>
    read(join(out, 'events.ndjson'))
      .split('\n')
      .filter((line) => line.endsWith('}'))
      .map((line) => JSON.parse(line) as RunEvent);
  const output = (): string => read(join(directory, `slurm-${id}.out`));
  const facts = async (): Promise<ReadonlyMap<string, string>> =>
    factsOf(await cluster.user('scontrol', ['--oneliner', 'show', 'job', id]));
  const event = <T extends RunEvent['type']>(
    type: T,
    is: (event: EventOf<T>) => boolean = () => true,
    count = 1,
  ): Promise<EventOf<T>> =>
    vi.waitFor(() => {
      const ofType: readonly RunEvent[] = events().filter((each) => each.type === type);
      const found = ofType.filter((each) => is(each as EventOf<T>));
      if (found.length >= count) return found.at(-1) as EventOf<T>;
      throw new Error(`${found.length} of ${count} such events ${type}; the job:\n${output()}`);
    }, patience);
  return {
    ...{ id, out, private: join(out, 'slurm'), events, output, facts, event },
    held: async (step, count) => {
      await event('hold', (each) => each.step === step, count);
    },
    resume: async () => {
      const { url = '' } = await event('server', (each) => each.event === 'started');
      const bin = join(cluster.project, 'node_modules/.bin');
      const env = { PATH: `${bin}:/usr/bin:/bin` };
      const token = ['--token-file', join(out, 'slurm/token')];
      await cluster.user('paceline', ['resume', url, ...token], { env });
    },
    reached: (state) =>
      vi.waitFor(async () => {
        const now = (await facts()).get('JobState');
        if (now !== state) throw new Error(`job ${id} is ${now}, not ${state}:\n${output()}`);
      }, patience),
    startNow: async () => {
      await cluster.admin('scontrol', ['update', `JobId=${id}`, 'StartTime=now']);
    },
  };
}

/** `Name=value` pairs. */
function factsOf(text: string): ReadonlyMap<string, string> {
  const pairs = text.trim().split(/\s+/);
  return new Map(
    pairs.map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]),
  );
}

function read(path: string): string {
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}
