import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

import { runPaceline, startPaceline } from './paceline.ts';
import type { PacelineProcess } from './paceline.ts';
import type { Scratch } from './scratch.ts';

export interface ClusterOptions {
  readonly job: string;
  readonly backend?: 'tensorflow' | 'wasm' | 'cpu';
  readonly set?: readonly string[];
  /** `127.0.0.1:0`, a free port, unless told otherwise. */
  readonly listen?: string;
  /** More flags of `server`. */
  readonly flags?: readonly string[];
}

/** A server that was started by hand, as on machines of its own. */
export interface Cluster {
  readonly server: PacelineProcess & { readonly out: string };
  /** Where workers connect. */
  readonly url: string;
  /** Passes the hold that the run waits at, with `paceline resume`. */
  resume(): Promise<void>;
}

/** Starts `paceline server` and resolves when it listens. */
export async function startServer(scratch: Scratch, options: ClusterOptions): Promise<Cluster> {
  const { job, backend, set = [], listen = '127.0.0.1:0', flags = [] } = options;
  const out = join(scratch.path, 'run');
  const overrides = backend === undefined ? set : [...set, `backend=${backend}`];
  const server = startPaceline(scratch, [
    ...['server', job, '--json', '--listen', listen, '--out', out, '--log-level', 'warn'],
    ...overrides.flatMap((setting) => ['--set', setting]),
    ...flags,
  ]);
  const { url = '' } = await server.event('server', (event) => event.event === 'started');
  return {
    server: { ...server, out },
    url,
    resume: async () => {
      const { exitCode, errors } = await runPaceline(scratch, ['resume', url]);
      if (exitCode !== 0) throw new Error(`paceline resume ended with ${exitCode}: ${errors}`);
    },
  };
}

export interface StartWorkerOptions {
  readonly name: string;
  /** The scratch folder by default. */
  readonly directory?: string;
  /** More flags of `worker`. */
  readonly flags?: readonly string[];
}

/** Starts `paceline worker`. */
export function startWorker(
  scratch: Scratch,
  url: string,
  { name, directory, flags = [] }: StartWorkerOptions,
): PacelineProcess {
  const args = ['worker', url, '--name', name, '--log-level', 'warn', ...flags];
  return startPaceline(scratch, args, directory);
}

/** A port of the loopback interface that nobody listened on a moment ago. */
export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}
