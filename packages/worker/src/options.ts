import type { BackendChoice, Job, JobSettings, JobSource } from '@paceline/protocol';
import type { LogLevel } from '@paceline/telemetry';
import type { Credentials } from '@paceline/transport';

/** What a worker needs to know. */
export interface WorkerOptions {
  /** The server's address: `ws://`, `wss://` or `ws+unix://`. */
  readonly url: string;
  /** What the worker shows to be let in. */
  readonly credentials?: Credentials;
  readonly name: string;
  /** Used when the run does not settle it. */
  readonly backend: BackendChoice;
  /** How long the first connection may take. */
  readonly connectTimeoutMs: number;
  /** How long a lost server is looked for. */
  readonly reconnectTimeoutMs: number;
  /** How long a worker that leaves may finish what it took on. */
  readonly graceMs: number;
  /** The worker ends when this process is gone. */
  readonly launcherPid?: number;
  /** The job as this worker has it: its own file, or the built-in of that name. Throws JobError. */
  readonly loadJob: (welcome: {
    readonly source: JobSource;
    readonly settings: JobSettings;
    readonly declared: JobSettings;
  }) => Promise<Job>;
  /** Where the worker says every second that it is well: see `openHealthFile`. */
  readonly healthFile?: string;
  /** Where the worker's threads write what they do when: see `openTimeline`. */
  readonly timelineFolder?: string;
  readonly logLevel: LogLevel;
  /** Log lines for a person instead of JSON. Default false. */
  readonly prettyLog?: boolean;
  /** Aborted when the worker is to leave: it finishes or hands back its work. */
  readonly leave: AbortSignal;
}

/** How a worker ended. */
export interface WorkerExit {
  readonly code: number;
  readonly message: string;
}
