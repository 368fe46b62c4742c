import { fileURLToPath } from 'node:url';

import type { RunEvent } from '@paceline/protocol';

import { PacelineError } from './errors.ts';
import type { FitData, FitHistory, FitModel, FitOptions } from './fit/types.ts';
import type { LocalTrainingEnd } from './local-run.ts';
import { endOf } from './training-failed.ts';

/** What `train` trains, and with how many processes. */
export interface TrainOptions {
  /**
   * A job file, a `file:` URL of one (`import.meta.url` of the job's module), or the name of a built-in job.
   * Functions cannot cross processes, so the workers load the job themselves.
   */
  readonly job: string;
  /** Worker processes. 2 by default; the result does not depend on it. */
  readonly workers?: number;
  /** Training begins when so many workers are there. All of them by default. */
  readonly minWorkers?: number;
  /** More workers than that are refused; no limit by default. */
  readonly maxWorkers?: number;
  readonly backend?: 'auto' | 'tensorflow' | 'wasm' | 'cpu';
  /** The run's folder; `runs/<job>-<time>` by default. */
  readonly out?: string;
  /** Go on from the checkpoints of the run in this folder; `true`: in `out`, or of the newest run of the job. */
  readonly resume?: string | true;
  /** How often the server, and each worker, is started again when it crashes again and again. 10 by default. */
  readonly maxRestarts?: number;
  /** Overrides of the job, each `a.b=c`. */
  readonly set?: readonly string[];
  /** A `step` event at least this often. 10 by default. */
  readonly everySteps?: number;
  /** Aborting it ends the run cleanly, as Ctrl-C would. */
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: RunEvent) => void;
}

/** The result of `train()`. */
export interface TrainSummary extends Extract<RunEvent, { type: 'end' }> {
  /** The run's folder. */
  readonly out: string;
  /** The last evaluation on the test data, when the job has some. */
  readonly evaluation?: Extract<RunEvent, { type: 'evaluation' }>;
}

/**
 * Trains a job on this machine with one parameter server and `workers` workers, as `paceline train` does, and
 * resolves when the run ended: `status` is `finished`, or `interrupted` when the signal was aborted.
 *
 * @throws PacelineError, JobError when the job or an option is wrong; PacelineError `training-failed` when the run failed
 */
export function train(options: TrainOptions): Promise<TrainSummary>;
/**
 * Trains a compiled `tf.LayersModel` as `model.fit` does, on this machine with one parameter server and `workers` workers.
 * Loss, metrics and optimizer are those of compile(); options are those of `fit`, with its defaults. The weights come back into
 * the same model, the optimizer's state into its optimizer. See docs/from-model-fit.md.
 *
 * @throws PacelineError, TrainingError for what does not fit or cannot travel, before any process is started; PacelineError
 * `training-failed` when the run failed; what a callback threw. The model then has the weights of before, or of the end of
 * the last epoch for which there were callbacks.
 */
export function train(model: FitModel, data: FitData, options?: FitOptions): Promise<FitHistory>;
export async function train(
  first: TrainOptions | FitModel,
  data?: FitData,
  options?: FitOptions,
): Promise<TrainSummary | FitHistory> {
  refuseInsideOwnRun();
  if (data === undefined && 'job' in first) return trainJob(first);
  const { trainModel } = await import('./fit/train-model.ts');
  return trainModel(first as FitModel, data as FitData, options);
}

async function trainJob(options: TrainOptions): Promise<TrainSummary> {
  const { startLocalTraining } = await import('./local-run.ts');
  const run = await startLocalTraining({
    ...options,
    job: options.job.startsWith('file:') ? fileURLToPath(options.job) : options.job,
    workers: options.workers ?? 2,
    set: options.set ?? [],
    everySteps: options.everySteps ?? 10,
    holdAt: [],
    maxRestarts: options.maxRestarts ?? 10,
    logLevel: 'warn',
    onEvent: options.onEvent ?? (() => undefined),
    onLog: () => undefined,
  });
  const stop = (): void => {
    run.stop('SIGINT');
  };
  options.signal?.addEventListener('abort', stop, { once: true });
  if (options.signal?.aborted === true) stop();
  const ended = await run.finished.finally(() => {
    options.signal?.removeEventListener('abort', stop);
  });
  return summaryOf(ended, run.out);
}

// A job file that calls train() when it is loaded would start processes that load it, without end.
function refuseInsideOwnRun(): void {
  if (process.env['PACELINE_LAUNCHER_PID'] === undefined) return;
  throw new PacelineError(
    'train-in-job',
    'train() was called by a process of a run, while it loaded the job file. ' +
      'Put the call into a file of its own, or behind: if (import.meta.main).',
  );
}

function summaryOf(ended: LocalTrainingEnd, out: string): TrainSummary {
  const { evaluation } = ended;
  return { ...endOf(ended), out, ...(evaluation === undefined ? {} : { evaluation }) };
}
