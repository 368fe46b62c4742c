import type { Job, JobSource, RefusalReason, RunEvent, Token } from '@paceline/protocol';
import type { Clock, Logger, Timeline } from '@paceline/telemetry';
import type { Advertised, ListenTls, Transport } from '@paceline/transport';
import type { CheckpointStorage } from './checkpoint/storage.ts';
import type { Traffic } from './connections/traffic.ts';
import type { Deadlines } from './run/state.ts';

/** What a parameter server needs to know and to have. */
export interface ServerOptions {
  readonly job: Job;
  /** Where workers have the job's functions from. */
  readonly source: JobSource;
  /** `HOST:PORT`, `unix:/path`, or whatever the transport takes. */
  readonly listen: string;
  /** More such addresses; what the server says of itself is about the first. */
  readonly alsoListen?: readonly string[];
  /** Where others reach `listen`, when they see another host or port than this machine does. */
  readonly advertise?: Advertised;
  /** Whom to let in. Default: everybody, which only an address that no other machine reaches allows. */
  readonly tokens?: readonly Token[];
  /** Where they are from: read now and then. New ones count at once, also against those who came in with an old one. */
  readonly readTokens?: () => readonly Token[];
  /** With it, the server speaks TLS. */
  readonly tls?: ListenTls;
  /** Training begins when so many workers are ready. Default 1. */
  readonly minWorkers?: number;
  /** More than so many are refused. Default: no limit. */
  readonly maxWorkers?: number;
  /** Steps before which the run waits for `resume`. */
  readonly holdAt?: readonly number[];
  /** The run's folder: the model, events and checkpoints are written there. Nothing is written without it. */
  readonly out?: string;
  /** Where checkpoints are kept; the run goes on from the newest one. None are without it. */
  readonly storage?: CheckpointStorage;
  /** Names the run and its sessions; random by default. */
  readonly createId?: () => string;
  /** `step` events come at least this often. Default 10. */
  readonly everySteps?: number;
  /**
   * How long the server is still there after the end, to tell late workers of it and to answer requests, unless it is
   * stopped. Default 0; Infinity: until it is stopped.
   */
  readonly lingerMs?: number;
  /** How long the server waits for a worker to do what, in milliseconds. */
  readonly deadlines?: Partial<Deadlines>;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly logger: Logger;
  /** What is done when. Default: it is not kept. */
  readonly timeline?: Timeline;
  /** What the outside world is told; must not throw. */
  readonly onEvent: (event: RunEvent) => void;
}

/** A parameter server at work. */
export interface RunningServer extends AsyncDisposable {
  /** What workers connect to: what is advertised, or what it listens on. */
  readonly url: string;
  /** Where this machine reaches it, whatever is advertised. */
  readonly localUrl: string;
  /** How the run ended, once nothing listens any more; never rejects for a run that failed, only for a broken server. */
  readonly finished: Promise<RunSummary>;
  /** Passes the hold that the run waits at; false where there is none. */
  resume(): boolean;
  /** Holds before the next step. */
  pause(): void;
  /** Writes a checkpoint at the next version; false where none are kept. */
  checkpoint(): boolean;
  /** Wants another number of workers. */
  scale(workers: number): void;
  /**
   * Ends the run as interrupted; a checkpoint is written. `goesOn`: another server is to go on from it, for which workers
   * look; without checkpoints there is none. After the end: ends the time that it would still be there.
   */
  stop(reason: string, o?: { readonly goesOn: boolean }): void;
  /** What /status.json says. */
  status(): StatusReport;
}

/** The end of a run: the `end` event, and a sentence where something went wrong. */
export interface RunSummary {
  readonly status: 'finished' | 'interrupted' | 'failed';
  readonly message: string;
  readonly end: Extract<RunEvent, { readonly type: 'end' }>;
}

/** A run at one moment, for people and programs. */
export interface StatusReport {
  readonly job: string;
  readonly run: string;
  readonly term: number;
  readonly phase: string;
  readonly step: number;
  readonly totalSteps: number | null;
  /** How many of the steps were left out, as they were not finite. */
  readonly skippedSteps: number;
  readonly loss: number | null;
  readonly metrics: Readonly<Record<string, number>>;
  readonly workers: readonly {
    readonly name: string;
    readonly pid: number;
    readonly stage: string;
    readonly phase: string;
    readonly lease: string;
    /** Measured time of one microbatch in milliseconds. */
    readonly leafMs: number | null;
  }[];
  /** On whom the run waits, in sentences. */
  readonly waits: readonly string[];
  readonly counters: Readonly<Record<string, number>>;
  /** Bytes of messages since the server started. */
  readonly traffic: Traffic;
  /** What was turned away, by reason (docs/protocol.md has them all); reasons that never came are left out. */
  readonly refusals: Readonly<Partial<Record<RefusalReason, number>>>;
}
