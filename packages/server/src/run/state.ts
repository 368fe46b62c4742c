import type { SumTree } from '@paceline/math';
import type { JobSettings, MessageOf } from '@paceline/protocol';
import type { Members } from '../membership/members.ts';
import type { StepPolicy } from '../policy/policy.ts';
import type { Round } from './round.ts';

/** What never changes while a server lives. */
export interface RunConfig {
  readonly settings: JobSettings;
  readonly policy: StepPolicy;
  readonly minWorkers: number;
  readonly maxWorkers: number;
  /** Steps before which the run waits for `resume`. */
  readonly holdAt: readonly number[];
  /** `step` events come at least this often. */
  readonly everySteps: number;
  readonly deadlines: Deadlines;
}

/** How long the server waits for what, in milliseconds, before it gives up on a worker. */
export interface Deadlines {
  readonly helloMs: number;
  readonly prepareMs: number;
  readonly initialMs: number;
  /** No byte from a worker for so long: its connection is closed. */
  readonly silenceMs: number;
}

/** What the first worker's layout settles for the whole run. */
export interface RunShape {
  readonly layout: MessageOf<'layout'>;
  /** Buckets 0..gradientBuckets-1 travel in nodes; 0 holds the scalars. */
  readonly gradientBuckets: number;
  readonly parameterBuckets: readonly number[];
  readonly examples: number;
  readonly testExamples: number;
  readonly stepsPerEpoch: number;
  readonly totalSteps: number;
  /** The tree over the microbatches of a step; those of a short last batch may be empty. */
  readonly treeOf: (step: number) => SumTree;
}

/**
 * `forming` waits for workers, `initial` for the initial weights, `training` has an open step,
 * `evaluating` an open evaluation, `holding` waits for `resume`, `over` has ended.
 */
export type RunPhase = 'forming' | 'initial' | 'training' | 'evaluating' | 'holding' | 'over';

/** How a run ended. */
export interface RunEnd {
  readonly status: 'finished' | 'interrupted' | 'failed';
  readonly reason: string;
}

/** The whole decision state of a run. Everything in it is immutable; numbers live in the store. */
export interface RunState {
  readonly config: RunConfig;
  readonly phase: RunPhase;
  readonly phaseSinceMs: number;
  readonly shape: RunShape | undefined;
  readonly members: Members;
  /** Connections that have not said hello, with the time they came. */
  readonly strangers: ReadonlyMap<number, number>;
  /** Lease orders of sessions, also of those that are away. */
  readonly orders: ReadonlyMap<string, number>;
  /** Who was asked for the initial weights, and the buckets that came. */
  readonly upload: Upload | undefined;
  /** The initial weights are in the store: version 0 exists. */
  readonly sealed: boolean;
  /** All parameter buckets are at least at this version. */
  readonly version: number;
  readonly round: Round | undefined;
  /** The last version that was evaluated. */
  readonly evaluated: number | undefined;
  /** Asked to stop; the half applied step is finished first. */
  readonly stopping: { readonly reason: string; readonly sinceMs: number } | undefined;
  /** Holds that were passed by `resume`. */
  readonly resumed: ReadonlySet<number>;
  readonly lastLoss: number | undefined;
  /** What the last evaluation found. */
  readonly evaluation: Summary | undefined;
  /** When the log last named long waits. */
  readonly waitNoticeMs: number;
  readonly lastMetrics: Readonly<Record<string, number>>;
  readonly report: StepReport;
  readonly end: RunEnd | undefined;
}

/** An upload of initial weights under way. */
export interface Upload {
  readonly from: number;
  readonly received: ReadonlySet<number>;
}

/** Loss and metrics of a step or an evaluation. */
export interface Summary {
  readonly loss: number;
  readonly metrics: Readonly<Record<string, number>>;
}

/** What the next `step` event counts from. */
export interface StepReport {
  readonly atMs: number;
  readonly step: number;
  readonly examples: number;
}

/** The state before anything happened. */
export function initialRunState(config: RunConfig, nowMs: number): RunState {
  return {
    config,
    phase: 'forming',
    phaseSinceMs: nowMs,
    shape: undefined,
    members: new Map(),
    strangers: new Map(),
    orders: new Map(),
    upload: undefined,
    sealed: false,
    version: 0,
    round: undefined,
    evaluated: undefined,
    stopping: undefined,
    resumed: new Set(),
    lastLoss: undefined,
    evaluation: undefined,
    waitNoticeMs: nowMs,
    lastMetrics: {},
    report: { atMs: nowMs, step: 0, examples: 0 },
    end: undefined,
  };
}
