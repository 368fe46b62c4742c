import type { Communication } from '../../../packages/worker/src/communication/communication.ts';
import { createCommunication } from '../../../packages/worker/src/communication/communication.ts';
import { noTimeline } from '@paceline/telemetry';
import type { Logger } from '@paceline/telemetry';
import type { Network } from '../world/network.ts';
import type { SimulatedProcess } from '../world/process.ts';
import type { ComputeEvents, ComputeTimes, ToyCompute } from './compute.ts';
import { createToyCompute } from './compute.ts';

/** A worker at work: the real communication side, and a toy to compute. */
export interface SimulatedWorker {
  readonly process: SimulatedProcess;
  readonly compute: ToyCompute;
  /** SIGTERM. */
  leave(reason: string): void;
}

/** What a worker is started with. */
export interface WorkerStart {
  readonly process: SimulatedProcess;
  readonly name: string;
  readonly pid: number;
  readonly url: string;
  readonly network: Network;
  readonly times: ComputeTimes;
  readonly events: ComputeEvents;
  readonly logger: Logger;
  /** It ended by its own will. */
  readonly onExit: (code: number, message: string) => void;
}

const patienceMs = 3_600_000;
const limits = { connectTimeoutMs: patienceMs, reconnectTimeoutMs: patienceMs, graceMs: 5000 };

/** Starts a worker in a process. */
export function startWorker(start: WorkerStart): SimulatedWorker {
  const { process, name, pid, network } = start;
  const compute = createToyCompute({
    process,
    times: start.times,
    events: start.events,
    reply: (reply) => {
      communication.receiveReply(reply);
    },
  });
  // Between the threads of a worker everything is a message: an order arrives after the decision that gave it.
  const communication: Communication = createCommunication({
    url: start.url,
    identity: { name, pid, host: 'simulated' },
    limits,
    transport: network.transportOf(process),
    clock: process.clock,
    timeline: noTimeline,
    logger: start.logger,
    order: (order) => void process.clock.setTimer(0, () => compute.receive(order)),
    onWell: () => undefined,
    onExit: (code, message) => {
      process.kill();
      start.onExit(code, message);
    },
  });
  return {
    process,
    compute,
    leave: (reason) => process.run(() => communication.receiveReply({ kind: 'leave', reason })),
  };
}
