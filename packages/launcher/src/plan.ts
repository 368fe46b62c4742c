import type { Placement, Prefix } from './placement.ts';
import type { PrivateDirectory } from './private-directory.ts';

/** One process to start: everything that `spawn` needs, as data. */
export interface ProcessPlan {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** Added to the launcher's own environment. */
  readonly env: Readonly<Record<string, string>>;
}

/** What a server that is started again has from its life before. */
export interface ServerLife {
  /** What it listened on, where others look for it. */
  readonly address: string;
  /** Whether training had begun. */
  readonly hasBegun: boolean;
}

/** The processes of a run. */
export interface RunPlan {
  /** The workers to begin with. */
  readonly workers: readonly string[];
  /** The server; `before` when it is started again. */
  server(before?: ServerLife): ProcessPlan;
  worker(name: string): ProcessPlan;
}

/** What to run on this machine. */
export interface LocalRunOptions {
  /** How to start the program that takes `server ...` and `worker ...`: Node, its flags, the file. */
  readonly program: { readonly command: string; readonly args: readonly string[] };
  /** Where the processes keep compiled code between runs; nowhere by default. */
  readonly compileCache?: string;
  /** A job file or the name of a built-in job, as both programs take it. */
  readonly job: string;
  /** Overrides of the job's settings, each `a.b=c`. */
  readonly set: readonly string[];
  readonly workers: number;
  /** Where the processes of the beginning compute; anywhere by default. */
  readonly placement?: Placement;
  /** Training begins when so many workers are there; `workers` by default. */
  readonly minWorkers?: number;
  /** More are refused; no limit by default. */
  readonly maxWorkers?: number;
  readonly backend?: string;
  /** The run's folder. */
  readonly out: string;
  /** Where workers from elsewhere may come: `HOST:PORT` or `unix:/path`. Nowhere by default. */
  readonly listen?: string;
  /** `HOST` or `HOST:PORT` at which those reach `listen`, when that is another. */
  readonly advertise?: string;
  /** A file with the tokens of the run, for the server and its workers. */
  readonly tokenFile?: string;
  /** Certificates of the server on `listen`. */
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  /** The authority of certificates that workers from elsewhere must show. */
  readonly tlsClientCa?: string;
  /** A `step` event at least this often. */
  readonly everySteps: number;
  readonly holdAt: readonly number[];
  /** The run also waits before each multiple of so many steps. */
  readonly holdEvery?: number;
  /** Where the threads of all processes write what they do when; nowhere by default. */
  readonly timelineFolder?: string;
  /** Of the workers; the server also says on whom the run waits. */
  readonly logLevel: string;
  readonly launcherPid: number;
  /** Has the socket of the workers; the server removes it when the launcher is gone and cannot. */
  readonly privateDirectory: Pick<PrivateDirectory, 'path' | 'socketPath'>;
}

/**
 * glibc gives every fresh tensor new pages by default, which cost a worker 280 page faults a step; with these values
 * freed memory stays with the process. Other C libraries ignore the variable.
 */
export const workerTunables: string =
  'glibc.malloc.mmap_threshold=1073741824:glibc.malloc.trim_threshold=4294967295:glibc.malloc.top_pad=67108864';

/**
 * A server makes nothing large again and again; but at the start a whole model passes through it. What is freed then goes
 * back to the system where large areas are on their own, instead of in a heap whose end is in use.
 */
const serverTunables = 'glibc.malloc.mmap_threshold=524288';

/** Plans the processes of a run on one machine: one server and `options.workers` workers w1, w2, ... */
export function planLocalRun(options: LocalRunOptions): RunPlan {
  return {
    workers: Array.from({ length: options.workers }, (_, i) => `w${i + 1}`),
    server: (before) => behind(options.placement?.server, planServer(options, before)),
    worker: (name) => behind(placeOf(name, options), planWorker(options, name)),
  };
}

/** As the server says it: see `urlOf` of the transport. */
function socketUrl({ privateDirectory }: LocalRunOptions): string {
  return `ws+unix://${encodeURI(privateDirectory.socketPath)}:/`;
}

function planServer(options: LocalRunOptions, before: ServerLife | undefined): ProcessPlan {
  return {
    name: 'server',
    command: options.program.command,
    args: [
      ...options.program.args,
      'server',
      options.job,
      ...addressFlags(options, before),
      ...tokenFlag(options),
      ...optional('--tls-cert', options.tlsCert),
      ...optional('--tls-key', options.tlsKey),
      ...optional('--tls-client-ca', options.tlsClientCa),
      '--json',
      // Its launcher waits for it, whatever variables say.
      ...flag('--linger', '0s'),
      ...flag('--min-workers', String(minWorkers(options, before))),
      ...optional('--max-workers', options.maxWorkers?.toString()),
      ...flag('--out', options.out),
      ...flag('--every', String(options.everySteps)),
      ...options.holdAt.flatMap((step) => flag('--hold-at', String(step))),
      ...optional('--hold-every', options.holdEvery?.toString()),
      ...settingsOf(options).flatMap((setting) => flag('--set', setting)),
      ...flag('--log-level', serverLogLevel(options.logLevel)),
    ],
    env: {
      ...commonEnvironment(options),
      GLIBC_TUNABLES: serverTunables,
      PACELINE_LAUNCHER_DIRECTORY: options.privateDirectory.path,
    },
  };
}

function commonEnvironment({
  launcherPid,
  compileCache,
  timelineFolder,
}: LocalRunOptions): Readonly<Record<string, string>> {
  return {
    PACELINE_LAUNCHER_PID: String(launcherPid),
    ...(compileCache === undefined ? {} : { NODE_COMPILE_CACHE: compileCache }),
    ...(timelineFolder === undefined ? {} : { PACELINE_TIMELINE_DIRECTORY: timelineFolder }),
  };
}

/**
 * Workers of this machine come over the private socket, also when others come over the network: nobody stands between,
 * and they need no certificate. Where the system chose a port, a server that is started again takes the same, where others
 * look for it.
 */
function addressFlags(options: LocalRunOptions, before: ServerLife | undefined): readonly string[] {
  const own = `unix:${options.privateDirectory.socketPath}`;
  if (options.listen === undefined) return flag('--listen', own);
  return [
    ...flag('--listen', before?.address ?? options.listen),
    ...flag('--listen', own),
    ...optional('--advertise', options.advertise),
  ];
}

/** A run that had begun goes on with whoever is there: a worker that was given up must not hold it up. */
function minWorkers(options: LocalRunOptions, before: ServerLife | undefined): number {
  return before?.hasBegun === true ? 1 : (options.minWorkers ?? options.workers);
}

/** The backend is a setting of the job: the server tells it to every worker. */
function settingsOf({ backend, set }: LocalRunOptions): readonly string[] {
  return backend === undefined ? set : [...set, `backend=${backend}`];
}

/** On whom a run waits is said at `info`. */
function serverLogLevel(level: string): string {
  return level === 'debug' ? 'debug' : 'info';
}

function planWorker(options: LocalRunOptions, name: string): ProcessPlan {
  return {
    name,
    command: options.program.command,
    args: [
      ...options.program.args,
      'worker',
      socketUrl(options),
      ...flag('--job', options.job),
      ...flag('--name', name),
      ...tokenFlag(options),
      ...(options.backend === undefined ? [] : flag('--backend', options.backend)),
      ...flag('--log-level', options.logLevel),
    ],
    env: { ...commonEnvironment(options), GLIBC_TUNABLES: workerTunables },
  };
}

/** A worker that joins a run later has no place of its own. */
function placeOf(worker: string, { placement }: LocalRunOptions): Prefix | undefined {
  return placement?.workers[Number(worker.slice(1)) - 1];
}

function behind(prefix: Prefix | undefined, plan: ProcessPlan): ProcessPlan {
  const [command, ...args] = prefix ?? [];
  if (command === undefined) return plan;
  return { ...plan, command, args: [...args, plan.command, ...plan.args] };
}

function tokenFlag({ tokenFile }: LocalRunOptions): readonly string[] {
  return optional('--token-file', tokenFile);
}

function optional(name: string, value: string | undefined): readonly string[] {
  return value === undefined ? [] : flag(name, value);
}

// `--flag=value` in one word: a value may begin with a dash.
function flag(name: string, value: string): readonly string[] {
  return [`${name}=${value}`];
}
