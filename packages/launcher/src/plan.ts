/** One process to start: everything that `spawn` needs, as data. */
export interface ProcessPlan {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  /** Added to the launcher's own environment. */
  readonly env: Readonly<Record<string, string>>;
}

/** The processes of a run. Workers can only be planned once the server has said its address. */
export interface RunPlan {
  readonly server: ProcessPlan;
  readonly workers: readonly string[];
  worker(name: string, url: string): ProcessPlan;
}

/** What to run on this machine. */
export interface LocalRunOptions {
  /** How to start the program that takes `server ...` and `worker ...`: Node, its flags, the file. */
  readonly program: { readonly command: string; readonly args: readonly string[] };
  /** A job file or the name of a built-in job, as both programs take it. */
  readonly job: string;
  /** Overrides of the job's settings, each `a.b=c`. */
  readonly set: readonly string[];
  readonly workers: number;
  readonly backend?: string;
  /** The run's folder. */
  readonly out: string;
  /** `HOST:PORT` or `unix:/path`. */
  readonly listen: string;
  /** A `step` event at least this often. */
  readonly everySteps: number;
  readonly holdAt: readonly number[];
  readonly logLevel: string;
  readonly launcherPid: number;
  /** Removed by the server when it finds that the launcher is gone and cannot do it. */
  readonly privateDirectory?: string;
}

/**
 * glibc gives every fresh tensor new pages by default, which cost 280 page faults a step; with these values
 * freed memory stays with the process. Other C libraries ignore the variable.
 */
const allocatorTunables =
  'glibc.malloc.mmap_threshold=1073741824:glibc.malloc.trim_threshold=4294967295:glibc.malloc.top_pad=67108864';

/** Plans the processes of a run on one machine: one server and `options.workers` workers w1, w2, ... */
export function planLocalRun(options: LocalRunOptions): RunPlan {
  return {
    server: planServer(options),
    workers: Array.from({ length: options.workers }, (_, i) => `w${i + 1}`),
    worker: (name, url) => planWorker(options, name, url),
  };
}

function planServer(options: LocalRunOptions): ProcessPlan {
  // The backend is a setting of the job: the server tells it to every worker.
  const settings =
    options.backend === undefined ? options.set : [...options.set, `backend=${options.backend}`];
  return {
    name: 'server',
    command: options.program.command,
    args: [
      ...options.program.args,
      'server',
      options.job,
      ...flag('--listen', options.listen),
      '--json',
      ...flag('--min-workers', String(options.workers)),
      ...flag('--out', options.out),
      ...flag('--every', String(options.everySteps)),
      ...options.holdAt.flatMap((step) => flag('--hold-at', String(step))),
      ...settings.flatMap((setting) => flag('--set', setting)),
      ...flag('--log-level', options.logLevel),
    ],
    env: {
      PACELINE_LAUNCHER_PID: String(options.launcherPid),
      ...(options.privateDirectory === undefined
        ? {}
        : { PACELINE_LAUNCHER_DIRECTORY: options.privateDirectory }),
    },
  };
}

function planWorker(options: LocalRunOptions, name: string, url: string): ProcessPlan {
  return {
    name,
    command: options.program.command,
    args: [
      ...options.program.args,
      'worker',
      url,
      ...flag('--job', options.job),
      ...flag('--name', name),
      ...(options.backend === undefined ? [] : flag('--backend', options.backend)),
      ...flag('--log-level', options.logLevel),
    ],
    env: {
      PACELINE_LAUNCHER_PID: String(options.launcherPid),
      GLIBC_TUNABLES: allocatorTunables,
    },
  };
}

// `--flag=value` in one word: a value may begin with a dash.
function flag(name: string, value: string): readonly string[] {
  return [`${name}=${value}`];
}
