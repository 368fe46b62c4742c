import type { Job, RunEvent } from '@paceline/protocol';
import { exitCodes } from '@paceline/protocol';
import type { RunSummary } from '@paceline/server';
import type { MemoryStorage } from '@paceline/server/testing';
import { createMemoryStorage } from '@paceline/server/testing';
import type { Clock, Logger } from '@paceline/telemetry';
import type { Network } from '../world/network.ts';
import type { ProcessHost, SimulatedProcess } from '../world/process.ts';
import { startProcess } from '../world/process.ts';
import type { ComputeTimes } from './compute.ts';
import type { SimulatedServer } from './server.ts';
import { startSimulatedServer } from './server.ts';
import type { SimulatedWorker } from './worker.ts';
import { startWorker } from './worker.ts';

/** What happens in a cluster. */
export interface ClusterEvents {
  readonly onEvent: (event: RunEvent) => void;
  readonly onFinished: (summary: RunSummary) => void;
  /** A machine begins a leaf. */
  readonly onLeaf: (machine: string, version: number) => void;
  readonly onStart: (name: string) => void;
  /** A process ended; `reason` is for the trace. */
  readonly onExit: (name: string, reason: string) => void;
  /** Something that must never happen. */
  readonly onViolation: (what: string) => void;
}

/** What a cluster is made of. */
export interface ClusterOptions {
  readonly job: Job;
  readonly minWorkers: number;
  /** How long a checkpoint takes to write. */
  readonly writeMs: number;
  readonly network: Network;
  readonly host: ProcessHost;
  readonly events: ClusterEvents;
  /** The logger of a process. */
  readonly loggerOf: (name: string) => Logger;
}

/** A server and workers that can be started, ended, and started again. Machines are named; each has one worker at most. */
export interface Cluster {
  readonly network: Network;
  readonly server: SimulatedServer;
  /** Checkpoints; they outlive the server. */
  readonly storage: MemoryStorage;
  startServer(): void;
  /** Starts a worker on a machine that has none, or a second one under the same name, which takes the place. */
  start(machine: string, times?: ComputeTimes): void;
  /** The worker of a machine, if one lives. */
  workerOn(machine: string): SimulatedWorker | undefined;
  /** The process of a worker's machine, or of the server. */
  processOn(machine: string): SimulatedProcess | undefined;
  /** A process that is no worker. */
  visitor(name: string): SimulatedProcess;
  /** Orders that compute loops work on. */
  readonly computing: number;
  /** Starts a worker after a while, unless there is one then. */
  restartLater(machine: string, delayMs: number): void;
  /** SIGTERM to a machine's worker; the next one starts so long after its end. */
  drain(machine: string, restartMs: number): void;
  /** Checkpoints may be lost: workers that were told that the run is over may be needed again. */
  loseCheckpoints(): void;
  killAll(): void;
}

const url = 'memory://server';
export const serverUrl = url;
const usualTimes: ComputeTimes = { prepareMs: 100, leafMs: 20 };
/** A launcher starts a worker that failed again after so long. */
const relaunchMs = 1000;

/** An empty cluster. */
export function createCluster(options: ClusterOptions): Cluster {
  return new SimulatedCluster(options);
}

class SimulatedCluster implements Cluster {
  readonly network: Network;
  readonly storage: MemoryStorage;
  private readonly options: ClusterOptions;
  private ids = 0;
  private hasLostCheckpoints = false;
  /** Names under which machines work that were struck out under their own. */
  private readonly names = new Map<string, string>();
  private readonly workers = new Map<string, SimulatedWorker>();
  private readonly times = new Map<string, ComputeTimes>();
  private readonly drained = new Map<SimulatedProcess, number>();
  private readonly processes: SimulatedProcess[] = [];
  private current: SimulatedServer | undefined;
  private isOver = false;

  constructor(options: ClusterOptions) {
    this.options = options;
    this.network = options.network;
    const { timeline } = options.host;
    // A write that is under way when the server dies or stops does the same.
    const clock: Clock = {
      now: () => timeline.nowMs,
      wallMs: () => timeline.nowMs,
      setTimer: (delayMs, run) => this.server.process.clock.setTimer(delayMs, run),
    };
    this.storage = createMemoryStorage({ clock, takesMs: options.writeMs });
  }

  get server(): SimulatedServer {
    if (this.current === undefined) throw new Error('the server has not been started');
    return this.current;
  }

  get computing(): number {
    return [...this.workers.values()].filter(({ process, compute }) => {
      return process.isAlive && compute.inHand > 0;
    }).length;
  }

  startServer(): void {
    const { job, minWorkers, events, network, loggerOf } = this.options;
    if (this.hasLostCheckpoints) {
      for (const machine of this.workers.keys()) this.restartLater(machine, relaunchMs);
    }
    this.current = startSimulatedServer({
      process: this.open('server'),
      job,
      url,
      network,
      minWorkers,
      storage: this.storage,
      createId: () => this.createId(),
      logger: loggerOf('server'),
      onEvent: (event) => {
        if (event.type === 'worker' && event.event === 'quarantined') this.rename(event.worker);
        events.onEvent(event);
      },
      onFinished: (summary) => {
        this.isOver = true;
        events.onFinished(summary);
      },
      onFailure: (error) => events.onViolation(`the server failed: ${String(error)}`),
    });
  }

  start(machine: string, times?: ComputeTimes): void {
    if (times !== undefined) this.times.set(machine, times);
    const { network, loggerOf, events } = this.options;
    const isTwin = this.workerOn(machine) !== undefined;
    const process = this.open(isTwin ? `${machine}/${String(this.processes.length)}` : machine);
    const worker = startWorker({
      process,
      name: this.names.get(machine) ?? machine,
      pid: this.processes.length,
      url,
      network,
      times: this.times.get(machine) ?? usualTimes,
      logger: loggerOf(process.name),
      events: {
        onLeaf: (version) => events.onLeaf(machine, version),
        onViolation: events.onViolation,
      },
      onExit: (code, message) => {
        events.onExit(process.name, `${String(code)}: ${message}`);
        if (this.workers.get(machine) !== worker) return;
        const restartMs = code === exitCodes.finished ? this.drained.get(process) : relaunchMs;
        if (restartMs !== undefined) this.restartLater(machine, restartMs);
      },
    });
    this.workers.set(machine, worker);
    events.onStart(process.name);
  }

  workerOn(machine: string): SimulatedWorker | undefined {
    const worker = this.workers.get(machine);
    return worker?.process.isAlive === true ? worker : undefined;
  }

  processOn(machine: string): SimulatedProcess | undefined {
    const process = machine === 'server' ? this.server.process : this.workerOn(machine)?.process;
    return process?.isAlive === true ? process : undefined;
  }

  visitor(name: string): SimulatedProcess {
    return this.open(name);
  }

  restartLater(machine: string, delayMs: number): void {
    this.options.host.timeline.after(delayMs, () => {
      if (!this.isOver && this.workerOn(machine) === undefined) this.start(machine);
    });
  }

  drain(machine: string, restartMs: number): void {
    const worker = this.workerOn(machine);
    if (worker === undefined) return;
    this.drained.set(worker.process, restartMs);
    worker.leave('drained');
  }

  loseCheckpoints(): void {
    this.hasLostCheckpoints = true;
  }

  killAll(): void {
    this.isOver = true;
    for (const process of this.processes) process.kill();
  }

  private createId(): string {
    this.ids += 1;
    return `id-${String(this.ids).padStart(6, '0')}`;
  }

  /** A worker that is quarantined has to come back under another name. */
  private rename(worker: string): void {
    const machine = worker.split('-')[0] ?? worker;
    this.names.set(machine, `${worker}-again`);
  }

  private open(name: string): SimulatedProcess {
    const process = startProcess(name, this.options.host);
    this.processes.push(process);
    return process;
  }
}
