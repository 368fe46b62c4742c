import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

import { launchLocalRun } from '@paceline/launcher';
import type { Cause } from '@paceline/launcher';
import { exitCodes } from '@paceline/protocol';
import type { Job, RunEvent } from '@paceline/protocol';
import { systemClock } from '@paceline/telemetry';
import type { Clock, ShutdownSignal } from '@paceline/telemetry';

import { PacelineError } from './errors.ts';
import { loadJob } from './load-job.ts';
import { chooseRunFolder } from './run-folder.ts';
import { moduleExtension, sourceConditionArgs } from './source-condition.ts';
import { collectorFlags } from './tune-collector.ts';
import { checkWorkerCounts } from './worker-counts.ts';
import type { WorkerCounts } from './worker-counts.ts';

/** What `startLocalTraining` starts. */
export interface LocalTrainingOptions extends WorkerCounts {
  /** A job file or the name of a built-in job. */
  readonly job: string;
  readonly backend?: string;
  /** The run's folder; a new one below `runs` by default. */
  readonly out?: string;
  /** Go on from the checkpoints of the run in this folder; `true`: in `out`, or of the newest run of the job. */
  readonly resume?: string | true;
  readonly listen?: string;
  /** `HOST` or `HOST:PORT` at which others reach `listen`, when that is another. */
  readonly advertise?: string;
  /** A file with the tokens; needed with a `listen` that other machines reach. */
  readonly tokenFile?: string;
  /** Certificates of the server on `listen`. */
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  /** The authority of certificates that workers from elsewhere must show. */
  readonly tlsClientCa?: string;
  readonly set: readonly string[];
  readonly everySteps: number;
  readonly holdAt: readonly number[];
  /** The run also waits before each multiple of so many steps. */
  readonly holdEvery?: number;
  /** Where the threads of all processes write what they do when; nowhere by default. */
  readonly timelineFolder?: string;
  /** How often the server, and each worker, is started again when it crashes again and again. */
  readonly maxRestarts: number;
  readonly logLevel: string;
  readonly onEvent: (event: RunEvent) => void;
  /** One line of the log of `server`, `w1`, ... */
  readonly onLog: (process: string, line: string) => void;
  readonly clock?: Clock;
}

/** How a run of several processes on this machine ended. */
export interface LocalTrainingEnd {
  readonly exitCode: number;
  readonly end?: Extract<RunEvent, { type: 'end' }>;
  readonly evaluation?: Extract<RunEvent, { type: 'evaluation' }>;
  /** What went wrong first. */
  readonly cause?: Cause;
}

/** A run of several processes on this machine. */
export interface LocalTraining {
  readonly job: Job;
  readonly out: string;
  readonly finished: Promise<LocalTrainingEnd>;
  /** The first call ends the run cleanly, a second one, or `atOnce`, kills. */
  stop(signal: ShutdownSignal, atOnce?: boolean): void;
}

/**
 * Starts a server and workers for a job, each a process of its own.
 *
 * @throws PacelineError, JobError when the job, the folder or a number is wrong: before any process is started
 */
export async function startLocalTraining(options: LocalTrainingOptions): Promise<LocalTraining> {
  const clock = options.clock ?? systemClock();
  checkWorkerCounts(options, options.listen !== undefined);
  checkNetworkFlags(options);
  const { job } = await loadJob(options.job, { set: options.set });
  const out = resolve(
    chooseRunFolder({ ...options, job: job.settings.name, wallMs: clock.wallMs() }),
  );
  let end: LocalTrainingEnd['end'];
  let evaluation: LocalTrainingEnd['evaluation'];
  const supervisor = launchLocalRun({
    ...options,
    program: ownProgram(),
    out,
    clock,
    onEvent: (event) => {
      if (event.type === 'end') end = event;
      if (event.type === 'evaluation') evaluation = event;
      options.onEvent(event);
    },
  });
  const finished = supervisor.ended.then(({ cause, stopSignal }) => ({
    exitCode: exitCodeOf({ cause, stopSignal, status: end?.status }),
    ...(end === undefined ? {} : { end }),
    ...(evaluation === undefined ? {} : { evaluation }),
    ...(cause === undefined ? {} : { cause }),
  }));
  return { job, out, finished, stop: supervisor.stop };
}

/** Without `listen`, what is said about the network would be said for nothing. */
function checkNetworkFlags(options: LocalTrainingOptions): void {
  const { listen, advertise, tlsCert, tlsKey, tlsClientCa } = options;
  if (listen !== undefined) return;
  const flags = { advertise, 'tls-cert': tlsCert, 'tls-key': tlsKey, 'tls-client-ca': tlsClientCa };
  const given = Object.entries(flags).flatMap(([name, value]) => (value === undefined ? [] : name));
  if (given.length === 0) return;
  const words = `--${given.join(', --')}: without --listen HOST:PORT nobody comes over the network`;
  throw new PacelineError('listen-needed', `${words}. Give it, or leave these out.`);
}

function ownProgram(): { readonly command: string; readonly args: readonly string[] } {
  const main = new URL(`./programs/main${moduleExtension()}`, import.meta.url);
  return {
    command: process.execPath,
    args: [...sourceConditionArgs(), ...collectorFlags(), fileURLToPath(main)],
  };
}

interface Ending {
  readonly cause: Cause | undefined;
  readonly stopSignal: ShutdownSignal | undefined;
  readonly status: string | undefined;
}

// A run that reached its end has reached it, even when Ctrl-C came while the processes were leaving.
function exitCodeOf({ cause, stopSignal, status }: Ending): number {
  if (status === 'finished') return exitCodes.finished;
  if (stopSignal !== undefined) {
    return stopSignal === 'SIGINT' ? exitCodes.interrupted : exitCodes.terminated;
  }
  // Stopped over the network, or by a signal to the server alone.
  if (status === 'interrupted' && cause === undefined) return exitCodes.terminated;
  return cause?.code ?? exitCodes.failed;
}
