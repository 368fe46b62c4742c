import type {
  BatchPlan,
  Bucket,
  OwnSchedule,
  ParameterLayout,
  Plateau,
  SumTree,
} from '@paceline/math';
import { freshPlateau } from '@paceline/math';
import type { EndRule, JobSettings, MessageOf } from '@paceline/protocol';
import type { CheckpointInterval } from '../checkpoint/interval.ts';
import { createInterval } from '../checkpoint/interval.ts';
import type { Members } from '../membership/members.ts';
import type { Strikes } from '../membership/strikes.ts';
import type { StepPolicy } from '../policy/policy.ts';
import type { Round } from '../leases/round.ts';
import type { BestSoFar } from '../stopping/early-stopping.ts';
import { nothingSoFar } from '../stopping/early-stopping.ts';
import type { Convergence } from '../stopping/convergence.ts';
import { noConvergence } from '../stopping/convergence.ts';

/** What never changes while a server lives. */
export interface RunConfig {
  readonly settings: JobSettings;
  readonly policy: StepPolicy;
  readonly minWorkers: number;
  readonly maxWorkers: number;
  /** Steps before which the run waits for `resume`. */
  readonly holdAt: readonly number[];
  /** Which life of the run this is: grows with every start from a checkpoint. */
  readonly term: number;
  /** Whether checkpoints are kept at all. */
  readonly keepsCheckpoints: boolean;
  /** Steps up to this one were done before, in an earlier life. */
  readonly doneBefore: number;
  /** `step` events come at least this often. */
  readonly everySteps: number;
  readonly deadlines: Deadlines;
  /** The schedule of a job that brings its own. */
  readonly ownSchedule: OwnSchedule | undefined;
  /** An update needs the sums of all parameters: it takes norms. */
  readonly isWholeVector: boolean;
}

/** How long the server waits for what, in milliseconds, before it gives up on a worker. */
export interface Deadlines {
  readonly helloMs: number;
  readonly prepareMs: number;
  readonly initialMs: number;
  /** No byte from a worker for so long: its connection is closed. */
  readonly silenceMs: number;
  /** Workers say something at least this often. */
  readonly heartbeatMs: number;
  /** A worker that works on one thing so much longer than it said is taken for stuck. */
  readonly stuckMs: number;
  /** The disk must have taken a checkpoint within this time. */
  readonly checkpointMs: number;
}

/** What the first worker's layout settles for the whole run. */
export interface RunShape {
  readonly layout: MessageOf<'layout'>;
  /** The flat vector, and how it is cut: everybody plans the same buckets from the same tensors. */
  readonly vector: ParameterLayout;
  readonly buckets: readonly Bucket[];
  /** Buckets 0..gradientBuckets-1 travel in nodes; 0 holds the scalars. */
  readonly gradientBuckets: number;
  readonly parameterBuckets: readonly number[];
  readonly examples: number;
  readonly testExamples: number;
  /** How epochs are cut into steps. */
  readonly batches: BatchPlan;
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
  /** Another server will go on from the checkpoint: workers are not told an end, and look for it. */
  readonly goesOn?: boolean;
  /** The rule that ended a run that finished. */
  readonly by?: EndRule;
}

/** The whole decision state of a run. Everything in it is immutable; numbers live in the store. */
export interface RunState {
  readonly config: RunConfig;
  readonly phase: RunPhase;
  readonly phaseSinceMs: number;
  readonly shape: RunShape | undefined;
  /**
   * The length of the run as it was when it began. What is derived from it (a schedule) stays as it was planned, also
   * when the run is made longer later.
   */
  readonly plannedSteps: number | undefined;
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
  readonly convergence: Convergence;
  /** What early stopping knows. */
  readonly best: BestSoFar;
  /** What a schedule that follows what was observed knows. */
  readonly plateau: Plateau;
  /** The scalars of the open epoch's steps, added; only where epochs are watched. */
  readonly epochSums: readonly number[];
  /** Since when this life of the run trains, and how long earlier ones did. */
  readonly training: { readonly sinceMs: number | undefined; readonly beforeMs: number };
  /** Steps so far that were left out, as they were not finite. */
  readonly skippedSteps: number;
  readonly round: Round | undefined;
  /** The last version that was evaluated. */
  readonly evaluated: number | undefined;
  /** Checkpoints: when the next one is due, and the one that is being written. */
  readonly checkpoints: CheckpointProgress;
  /** When an event last told of a broken protocol. */
  readonly violationToldMs: number | undefined;
  /** For how many steps the standing leases have not fitted the speeds of the workers. */
  readonly unfitSteps: number;
  /** Bad results by worker name. */
  readonly strikes: Strikes;
  /** The operator asked the run to hold before its next step. */
  readonly isPausing: boolean;
  /** How many workers the operator wants; undefined while he did not say. */
  readonly wantedWorkers: number | undefined;
  /** When the last tick came: a gap means that this process itself was away. */
  readonly tickedMs: number;
  /** Asked to stop; the half applied step is finished first. */
  readonly stopping:
    { readonly reason: string; readonly goesOn: boolean; readonly sinceMs: number } | undefined;
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
  /** The end was told; before, the last checkpoint is written. */
  readonly isClosed: boolean;
}

/** Where the checkpoints of a run stand. */
export interface CheckpointProgress {
  readonly interval: CheckpointInterval;
  /** The version that is being written. */
  readonly writing: { readonly version: number; readonly sinceMs: number } | undefined;
  /** The newest version that is on disk. */
  readonly written: number | undefined;
  /** The newest version that the disk refused. */
  readonly failed: number | undefined;
  /** The operator asked for one at the next version. */
  readonly isWanted: boolean;
  readonly disk: DiskRecord;
}

/** What the disk did in this life of the run. */
export interface DiskRecord {
  /** Checkpoints that it took, and that it refused or did not take in time. */
  readonly taken: number;
  readonly refused: number;
  /** When it had taken the newest, and how long that was; undefined before the first. */
  readonly takenAtMs: number | undefined;
  readonly tookMs: number | undefined;
}

/** An upload of initial weights under way. */
export interface Upload {
  readonly from: number;
  /** When this worker was asked: each has the whole deadline. */
  readonly sinceMs: number;
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
    plannedSteps: undefined,
    members: new Map(),
    strangers: new Map(),
    orders: new Map(),
    upload: undefined,
    sealed: false,
    version: 0,
    convergence: noConvergence,
    best: nothingSoFar,
    plateau: freshPlateau,
    epochSums: [],
    training: { sinceMs: undefined, beforeMs: 0 },
    skippedSteps: 0,
    round: undefined,
    evaluated: undefined,
    checkpoints: {
      interval: createInterval(config.settings.checkpoint, { nowMs, step: 0 }),
      writing: undefined,
      written: undefined,
      failed: undefined,
      isWanted: false,
      disk: { taken: 0, refused: 0, takenAtMs: undefined, tookMs: undefined },
    },
    violationToldMs: undefined,
    unfitSteps: 0,
    strikes: new Map(),
    isPausing: false,
    wantedWorkers: undefined,
    tickedMs: nowMs,
    stopping: undefined,
    resumed: new Set(),
    lastLoss: undefined,
    evaluation: undefined,
    waitNoticeMs: nowMs,
    lastMetrics: {},
    report: { atMs: nowMs, step: 0, examples: 0 },
    end: undefined,
    isClosed: false,
  };
}

/** How long the run has trained, in all its lives. */
export function trainedMs({ training }: RunState, nowMs: number): number {
  return training.beforeMs + (training.sinceMs === undefined ? 0 : nowMs - training.sinceMs);
}
