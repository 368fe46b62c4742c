/** A contiguous run of microbatches or evaluation blocks: `first <= i < end`. */
export interface WorkRange {
  readonly first: number;
  readonly end: number;
}

/** Leaves to compute on one version of the parameters, and how far that has come. */
export interface Task extends WorkRange {
  /** Told apart from every other task of this process. */
  readonly id: number;
  readonly kind: 'step' | 'evaluation';
  readonly version: number;
  /** The leaves to compute: those of the range that have examples. */
  readonly leaves: readonly number[];
  /** How many of them the compute loop was asked for, and how many came back. */
  readonly ordered: number;
  readonly computed: number;
}

/**
 * `connecting` looks for the server, `greeting` said hello, `preparing` builds model and data, `working` is in the run
 * (waiting for parameters or computing), `over` has ended.
 */
export type WorkerPhase = 'connecting' | 'greeting' | 'preparing' | 'working' | 'over';

/** What the run told this worker that decisions depend on. */
export interface RunFacts {
  readonly run: string;
  readonly session: string;
  /** Hash of what decides the bits, and the size of buckets: a server that comes back with another one is another run. */
  readonly jobKey: string;
}

/** The sizes that the prepared model settled. */
export interface WorkShape {
  /** Indices of the buckets that carry parameters. */
  readonly parameterBuckets: readonly number[];
  /** Those of them that training changes: they have versions. */
  readonly versionedBuckets: readonly number[];
  /** Those of which the average comes before an evaluation; none where nothing is averaged. */
  readonly averagedBuckets: readonly number[];
  /** The leaves of a step's range that have examples. */
  readonly leavesOf: (task: Pick<Task, 'kind' | 'version' | 'first' | 'end'>) => readonly number[];
}

/** The whole decision state of a worker. Immutable; bytes live in the areas. */
export interface WorkerState {
  readonly phase: WorkerPhase;
  readonly phaseSinceMs: number;
  readonly facts: RunFacts | undefined;
  readonly shape: WorkShape | undefined;
  /** Version of each parameter bucket by bucket index; a missing one has not come yet. */
  readonly versions: ReadonlyMap<number, number>;
  /** The newest version of which every bucket is here. */
  readonly version: number | undefined;
  /** The same of the averages. */
  readonly averages: ReadonlyMap<number, number>;
  readonly averageVersion: number | undefined;
  readonly lease: (WorkRange & { readonly fromStep: number }) | undefined;
  readonly pausedAt: number | undefined;
  /** The step for which the lease was last turned into a task. */
  readonly leasedStep: number | undefined;
  readonly tasks: readonly Task[];
  readonly nextTask: number;
  /** Leaves that the compute loop has in hand. */
  readonly inHand: number;
  /** Since when it owes the next of them. */
  readonly owedSinceMs: number;
  /** Times of the newest microbatches in microseconds, oldest first. */
  readonly recentMicros: readonly number[];
  /** Node frames that are not yet in the socket. */
  readonly unsent: number;
  readonly leaving: { readonly reason: string; readonly sinceMs: number } | undefined;
  readonly limits: WorkerLimits;
  readonly exit: { readonly code: number; readonly message: string } | undefined;
  /** Since when the server has not been reached. */
  readonly lostSinceMs: number;
  readonly attempts: number;
  readonly everConnected: boolean;
}

/** What the command line settled. */
export interface WorkerLimits {
  readonly connectTimeoutMs: number;
  readonly reconnectTimeoutMs: number;
  readonly graceMs: number;
}

/** The state of a worker that has just been started. */
export function initialWorkerState(limits: WorkerLimits, nowMs: number): WorkerState {
  return {
    phase: 'connecting',
    phaseSinceMs: nowMs,
    facts: undefined,
    shape: undefined,
    versions: new Map(),
    version: undefined,
    averages: new Map(),
    averageVersion: undefined,
    lease: undefined,
    pausedAt: undefined,
    leasedStep: undefined,
    tasks: [],
    nextTask: 0,
    inHand: 0,
    owedSinceMs: nowMs,
    recentMicros: [],
    unsent: 0,
    leaving: undefined,
    limits,
    exit: undefined,
    lostSinceMs: nowMs,
    attempts: 0,
    everConnected: false,
  };
}
