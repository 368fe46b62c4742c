import { hostname } from 'node:os';

import { parseJob } from '@paceline/protocol';
import type { Job, JobSettings, JobSource } from '@paceline/protocol';
import type { Credentials, TlsFiles } from '@paceline/transport';
import type { WorkerExit } from '@paceline/worker';

import { PacelineError } from './errors.ts';
import { loadJob } from './load-job.ts';
import { readOwnToken } from './security/read-tokens.ts';
import { clientTls, nameInCertificate } from './security/tls-files.ts';
import type { ClientTlsOptions } from './security/tls-files.ts';

/** A worker as a program starts it: an address, everything else with a default. */
export interface RunWorkerOptions extends ClientTlsOptions {
  /** `ws://HOST:PORT`, `wss://...` or `ws+unix:///path:/`. */
  readonly url: string;
  /** Unique in the run; by default the one in the certificate, or made of host and process id. */
  readonly name?: string;
  /** A file with the token; without it, it is in `PACELINE_TOKEN`. */
  readonly tokenFile?: string;
  /** The job file, when the job holds functions; built-in jobs and jobs that are data only need none. */
  readonly job?: string;
  readonly backend?: 'auto' | 'tensorflow' | 'wasm' | 'cpu';
  readonly connectTimeoutMs?: number;
  readonly reconnectTimeoutMs?: number;
  /** After `leave`: time to finish or hand back the step. */
  readonly graceMs?: number;
  readonly launcherPid?: number;
  /** Where the worker says every second that it is well, for the check of a container. */
  readonly healthFile?: string;
  /** Where the worker's threads write what they do when. */
  readonly timelineFolder?: string;
  readonly logLevel?: 'debug' | 'info' | 'warn' | 'error' | 'silent';
  /** Log lines for a person instead of JSON. */
  readonly prettyLog?: boolean;
  /** Aborting it makes the worker leave in good order. */
  readonly leave?: AbortSignal;
}

/**
 * Runs one worker on this thread, which it blocks while it computes. Resolves when the worker left, with the exit
 * code that a program should end with.
 *
 * @throws PacelineError, TokenError when there is a token and it cannot be used
 */
export async function worker(options: RunWorkerOptions): Promise<WorkerExit> {
  const token = readOwnToken('worker', {
    tokenFile: options.tokenFile,
    onWarning: (text) => process.emitWarning(text),
  });
  const tls = clientTls(options);
  const { runWorker } = await import('@paceline/worker');
  return runWorker({
    url: options.url,
    credentials: { ...showing(token, options.tokenFile), tls },
    name: options.name ?? certifiedName(tls) ?? defaultName(),
    backend: options.backend ?? 'auto',
    connectTimeoutMs: options.connectTimeoutMs ?? 60_000,
    reconnectTimeoutMs: options.reconnectTimeoutMs ?? 600_000,
    graceMs: options.graceMs ?? 2_000,
    ...(options.launcherPid === undefined ? {} : { launcherPid: options.launcherPid }),
    ...(options.healthFile === undefined ? {} : { healthFile: options.healthFile }),
    ...(options.timelineFolder === undefined ? {} : { timelineFolder: options.timelineFolder }),
    loadJob: (welcome) => jobOf(welcome, options.job),
    logLevel: options.logLevel ?? 'info',
    prettyLog: options.prettyLog ?? false,
    leave: options.leave ?? new AbortController().signal,
  });
}

/** A file is read again with every connection: its token may be a new one then. */
function showing(
  token: string | undefined,
  tokenFile: string | undefined,
): Pick<Credentials, 'token' | 'tokenFile'> {
  if (tokenFile !== undefined) return { tokenFile };
  return token === undefined ? {} : { token };
}

function certifiedName({ certFile }: TlsFiles): string | undefined {
  return certFile === undefined ? undefined : nameInCertificate(certFile);
}

function defaultName(): string {
  return `${hostname()
    .replace(/[^\w.-]/g, '-')
    .slice(0, 40)}-${process.pid}`;
}

/** The worker's own copy of the job: from its file, from the built-in jobs, or made of the server's settings. */
async function jobOf(
  welcome: { readonly source: JobSource; readonly declared: JobSettings },
  file: string | undefined,
): Promise<Job> {
  const { kind, name } = welcome.source;
  if (file !== undefined) return (await loadJob(file)).job;
  if (kind === 'builtin') return (await loadJob(name)).job;
  if (kind === 'data') return parseJob(welcome.declared);
  // A file is never run because a server named it: it runs with the rights of whoever started the worker.
  throw new PacelineError(
    'job-needed',
    `The server trains ${name}, whose functions cannot travel. Give the worker its copy of the file: --job ${name}`,
  );
}
