import { createRandom } from '@paceline/math';
import type { Logger } from '@paceline/telemetry';
import type { Fault } from './faults/fault.ts';
import { createInjector } from './faults/injector.ts';
import type { Injector } from './faults/injector.ts';
import type { Schedule } from './faults/schedule.ts';
import type { Violation } from './invariants.ts';
import { checkStatus, createInvariants } from './invariants.ts';
import type { Cluster } from './roles/cluster.ts';
import { createCluster } from './roles/cluster.ts';
import { toyJob } from './toy/model.ts';
import type { ToyVariant } from './toy/model.ts';
import type { Expectation } from './toy/oracle.ts';
import { expectedRun } from './toy/oracle.ts';
import type { Departure, Network } from './world/network.ts';
import { createNetwork } from './world/network.ts';
import type { Timeline } from './world/timeline.ts';
import { createTimeline } from './world/timeline.ts';
import { createTrace } from './world/trace.ts';

/** What came of a schedule. */
export interface Verdict {
  readonly schedule: Schedule;
  /** The first promise that was broken, if any. */
  readonly violation: Violation | undefined;
  readonly fired: readonly Fault[];
  readonly virtualMs: number;
  readonly steps: number;
  /** Equal for equal runs. */
  readonly trace: string;
  readonly counters: Readonly<Record<string, number>>;
  readonly peakBytes: number;
}

/** How a run may be watched. */
export interface RunOptions {
  /** Hears everything that happens, in lines. */
  readonly onLine?: (line: string) => void;
}

/**
 * A run must be over so long after the last fault began or ended. Within this the longest chain of deadlines passes:
 * 60 s for an upload, 30 s of silence, 15 s for a welcome, and attempts to connect.
 */
const patienceMs = 150_000;
/** No queue of a connection may ever hold more: a few versions of the toy's parameters. */
const mostQueuedBytes = 64 * 1024;
const jitterPurpose = 3;
const damagePurpose = 4;

/** Runs a schedule to its end, or to the first broken promise. */
export async function runSchedule(schedule: Schedule, options: RunOptions = {}): Promise<Verdict> {
  const simulation = new Simulation(schedule, options);
  await simulation.run();
  return simulation.verdict();
}

class Simulation {
  private readonly schedule: Schedule;
  private readonly timeline: Timeline = createTimeline();
  private readonly trace: ReturnType<typeof createTrace>;
  private readonly network: Network;
  private readonly cluster: Cluster;
  private readonly injector: Injector;
  private readonly invariants: ReturnType<typeof createInvariants>;
  private violation: Violation | undefined;
  private lastChangeMs = 0;
  private steps = 0;
  private isFinished = false;

  constructor(schedule: Schedule, { onLine }: RunOptions) {
    this.schedule = schedule;
    const { timeline } = this;
    this.trace = createTrace(onLine);
    const { variant, quality, minWorkers, writeMs } = schedule.world;
    const job = toyJob(variant);
    this.network = createNetwork({
      timeline,
      quality,
      uniformOf: (circuit) => this.stream(jitterPurpose, circuit),
      onDeparture: (departure) => this.onDeparture(departure),
    });
    this.cluster = createCluster({
      job,
      minWorkers,
      writeMs,
      network: this.network,
      host: { timeline, onCrash: ({ name }, error) => this.onCrash(name, error) },
      loggerOf: (name) => this.loggerOf(name),
      events: {
        onEvent: (event) => {
          if (event.type === 'step') this.steps += 1;
          this.note(`event ${event.type}`);
          this.report(this.invariants.checkEvent(event));
          this.injector.onEvent(event);
        },
        onFinished: (summary) => {
          this.isFinished = true;
          this.note(`finished: ${summary.message}`);
          this.report(this.invariants.checkEnd(summary));
        },
        onLeaf: (machine, version) => this.injector.onLeaf(machine, version),
        onStart: (name) => this.onChange(`${name} starts`),
        onExit: (name, reason) => this.onChange(`${name} exits: ${reason}`),
        onViolation: (message) => this.report({ invariant: 'untouched-parameters', message }),
      },
    });
    this.injector = createInjector({
      faults: schedule.faults,
      timeline,
      field: { cluster: this.cluster, uniform: this.stream(damagePurpose) },
      onNote: (line) => this.note(line),
    });
    this.invariants = createInvariants(expectationOf(variant), { steps: variant.steps });
  }

  async run(): Promise<void> {
    this.cluster.startServer();
    for (const { name, ...times } of this.schedule.world.machines) this.cluster.start(name, times);
    while (!this.isFinished && this.violation === undefined) {
      if (!(await this.timeline.step())) this.report(stuck('nothing will ever happen again'));
      this.checkMoment();
    }
    this.report(this.checkQueues());
    if (this.violation === undefined) this.report(this.checkLeftovers());
    this.cluster.killAll();
  }

  verdict(): Verdict {
    const { schedule, violation, steps } = this;
    return {
      schedule,
      violation,
      steps,
      fired: this.injector.fired,
      virtualMs: this.timeline.nowMs,
      trace: this.trace.digest,
      counters: this.cluster.server.running?.status().counters ?? {},
      peakBytes: this.network.peakBytes,
    };
  }

  /** After every event: time is not up, and the status is in order. */
  private checkMoment(): void {
    if (this.isFinished) return;
    const status = this.cluster.server.running?.status();
    const quietMs = this.timeline.nowMs - Math.max(this.lastChangeMs, this.injector.lastChangeMs);
    if (quietMs > patienceMs) {
      const waits = status?.waits.join('; ') ?? 'it does not listen';
      const seconds = (quietMs / 1000).toFixed(0);
      this.report(stuck(`not over ${seconds} s after the last fault; the server says: ${waits}`));
    }
    const isQuiet = this.network.traffic.underWay === 0 && this.cluster.computing === 0;
    if (status !== undefined) this.report(checkStatus(status, isQuiet));
  }

  private checkQueues(): Violation | undefined {
    const { peakBytes } = this.network;
    if (peakBytes <= mostQueuedBytes) return undefined;
    const message = `${String(peakBytes)} bytes waited in one connection`;
    return { invariant: 'bounded-queues', message };
  }

  private checkLeftovers(): Violation | undefined {
    const { timers } = this.cluster.server.process;
    if (timers === 0) return undefined;
    const message = `the server has ended and left ${String(timers)} timers`;
    return { invariant: 'nothing-left', message };
  }

  private onDeparture(departure: Departure): void {
    const { circuit, direction, frame } = departure;
    this.note(
      `${circuit.machine} #${String(circuit.number)} ${direction} ${String(frame[1] ?? 0)} ${String(frame.length)}`,
    );
    this.injector.onDeparture(departure);
  }

  private onChange(line: string): void {
    this.lastChangeMs = this.timeline.nowMs;
    this.note(line);
  }

  private onCrash(name: string, error: unknown): void {
    const words = error instanceof Error ? (error.stack ?? error.message) : String(error);
    this.report({ invariant: 'no-crash', message: `${name} threw ${words}` });
  }

  private report(violation: Violation | undefined): void {
    this.violation ??= violation;
  }

  private note(line: string): void {
    this.trace.note(`${this.timeline.nowMs.toFixed(3)} ${line}`);
  }

  private stream(...purpose: readonly number[]): () => number {
    const { seed, number } = this.schedule;
    return createRandom(...purpose, seed, number).uniform;
  }

  private loggerOf(name: string): Logger {
    const write = (_fields: object, message: string): void => {
      this.note(`${name} logs: ${message}`);
    };
    const logger: Logger = {
      debug: write,
      info: write,
      warn: write,
      error: write,
      child: () => logger,
    };
    return logger;
  }
}

function stuck(message: string): Violation {
  return { invariant: 'progress', message };
}

const expectations = new Map<string, Expectation>();

function expectationOf(variant: ToyVariant): Expectation {
  // Neither the size of buckets nor the rest of a world has an effect on the numbers.
  const { bucketBytes: _bytes, checkpointSteps: _steps, ...rest } = variant;
  const { steps } = variant;
  const key = Object.values(rest).join();
  const known = expectations.get(key) ?? expectedRun(toyJob(variant).settings, steps);
  expectations.set(key, known);
  return known;
}
