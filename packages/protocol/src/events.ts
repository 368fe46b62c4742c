import type { ReproducibilityLevel, RunStatus } from './fields.ts';

/**
 * What `--json` prints, one event a line, and what `events.ndjson` keeps: a stable contract. Fields may
 * be added, never changed or removed. Numbers that are not finite are printed as null.
 */
export type RunEvent =
  | StartEvent
  | StepEvent
  | EvaluationEvent
  | HoldEvent
  | ScaleEvent
  | WorkerEvent
  | ServerEvent
  | CheckpointEvent
  | NoticeEvent
  | FaultEvent
  | EndEvent
  | BenchEvent;

/** Values by metric name, for example `{ accuracy: 0.97 }`. */
export type MetricValues = Readonly<Record<string, number>>;

/** Training begins: all that it waited for is there. */
export interface StartEvent {
  readonly type: 'start';
  readonly job: string;
  /** Trainable parameters of the model. */
  readonly parameters: number;
  readonly microbatches: number;
  /** Steps that the run is going to make; null when only a stop rule ends it. */
  readonly totalSteps: number | null;
  readonly backend: string;
  readonly reproducibility: ReproducibilityLevel;
  /** Where further workers connect. */
  readonly url: string;
  readonly dashboard?: string;
  /** Steps that were done before: the run goes on from a checkpoint. */
  readonly resumedAt?: number;
}

/** A step is done. They come at least every 10 steps. */
export interface StepEvent {
  readonly type: 'step';
  /** Steps done, this one included. */
  readonly step: number;
  /** Epoch of the step's examples, from 0. */
  readonly epoch: number;
  readonly loss: number;
  readonly metrics: MetricValues;
  readonly examplesPerSecond: number;
  /** That of this step: the optimizer's, under the schedule. */
  readonly learningRate: number;
  readonly workers: number;
  /** The step was done before and came again after a roll-back. */
  readonly recomputed?: true;
}

/** The parameters after `step` steps were evaluated on the test split. */
export interface EvaluationEvent {
  readonly type: 'evaluation';
  readonly step: number;
  readonly loss: number;
  readonly metrics: MetricValues;
}

/** The run waits before its next step. */
export interface HoldEvent {
  readonly type: 'hold';
  /** Steps done. */
  readonly step: number;
  /** What makes it go on: `paceline resume`. */
  readonly until: 'resume';
}

/** The run is to have another number of workers: surplus ones are let go, missing ones are started by the launcher. */
export interface ScaleEvent {
  readonly type: 'scale';
  readonly workers: number;
}

/** Something happened to a worker. */
export interface WorkerEvent {
  readonly type: 'worker';
  readonly event: 'joined' | 'left' | 'suspected' | 'quarantined' | 'relaunched';
  readonly worker: string;
  readonly pid: number;
  readonly reason?: string;
}

/** Something happened to a server. */
export interface ServerEvent {
  readonly type: 'server';
  readonly event: 'started' | 'crashed' | 'restarted' | 'stopped';
  readonly shard: number;
  readonly pid: number;
  /** Where workers connect; comes with `started`. */
  readonly url?: string;
  /** What it listens on, exactly; comes with `started`. */
  readonly address?: string;
  readonly reason?: string;
}

/** A checkpoint is complete on disk. */
export interface CheckpointEvent {
  readonly type: 'checkpoint';
  readonly step: number;
  readonly path: string;
}

/** What people should hear once of model and data: examples that were left out, settings without effect. */
export interface NoticeEvent {
  readonly type: 'notice';
  readonly detail: string;
}

/** Something went wrong; the run may go on. */
export interface FaultEvent {
  readonly type: 'fault';
  readonly kind: string;
  readonly detail: string;
}

/** Shares of the lead server's wall time, one category an instant: they add to 1. */
export interface Goodput {
  readonly compute: number;
  readonly exchange: number;
  readonly wait: number;
  readonly recomputed: number;
  readonly evaluation: number;
  readonly checkpoint: number;
  readonly down: number;
  readonly other: number;
}

/** The run is over. */
export interface EndEvent {
  readonly type: 'end';
  readonly status: RunStatus;
  readonly steps: number;
  /** Training loss of the last step; null when no step was made. */
  readonly loss: number | null;
  /** Metrics of the last evaluation, or of the last step of a job without test data. */
  readonly metrics: MetricValues;
  /** Over the little-endian Float32 bytes of all trainable parameters in layout order; absent when there were none yet. */
  readonly weightsSha256?: string;
  /** Likewise over the non-trainable state. */
  readonly stateSha256?: string;
  readonly examplesPerSecond: number;
  readonly wallSeconds: number;
  readonly goodput: Goodput;
  /** Folder of the saved model. */
  readonly model?: string;
  /** Why, when it did not finish. */
  readonly reason?: string;
  /** Which rule of `until` ended it, when it finished. */
  readonly endedBy?: EndRule;
  /** The saved weights are those of this step, as they were the best (`until.earlyStopping`). */
  readonly bestStep?: number;
}

/** The rules that end a run. */
export type EndRule = 'steps' | 'epochs' | 'seconds' | 'target' | 'converged' | 'earlyStopping';

/** Result of one benchmark. */
export interface BenchEvent {
  readonly type: 'bench';
  readonly name: string;
  readonly examplesPerSecond: number;
  readonly msPerStep: number;
  /** Milliseconds a step by phase. */
  readonly phases: Readonly<Record<string, number>>;
  readonly bytesPerStep: number;
}

/** One line of `--json`, without the line break. */
export function encodeEvent(event: RunEvent): string {
  return JSON.stringify(event);
}
