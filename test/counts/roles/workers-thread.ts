// The communication sides of the counted run's workers, all in one thread, and nothing computed.
import { workerData } from 'node:worker_threads';
import { noTimeline } from '@paceline/telemetry';
import { createManualClock, createMemoryLogger } from '@paceline/telemetry/testing';
import { createWebSocketTransport } from '@paceline/transport';
import type { Communication } from '../../../packages/worker/src/communication/communication.ts';
import { createCommunication } from '../../../packages/worker/src/communication/communication.ts';
import { answer, startCounting } from './answering.ts';
import { createBlankCompute } from './blank-compute.ts';

/** What the workers are started with. */
export interface WorkersThreadOptions {
  readonly url: string;
  readonly workers: number;
}

const { url, workers } = workerData as WorkersThreadOptions;
const counters = startCounting();
const clock = createManualClock();
const patienceMs = 60_000;
const limits = { connectTimeoutMs: patienceMs, reconnectTimeoutMs: patienceMs, graceMs: 0 };

for (let i = 0; i < workers; i += 1) startWorker(`w${i}`);
await clock.advance(0); // They connect.

answer('started', {
  count: () => ({ counts: counters.read() }),
});

function startWorker(name: string): void {
  const compute = createBlankCompute((reply) => {
    communication.receiveReply(reply);
  });
  const communication: Communication = createCommunication({
    url,
    identity: { name, pid: process.pid, host: 'here' },
    limits,
    transport: createWebSocketTransport(clock),
    clock,
    timeline: noTimeline,
    logger: createMemoryLogger(),
    // Between the threads of a worker an order is a message: it arrives after the decision that gave it.
    order: (order) => void setImmediate(compute, order),
    onWell: () => undefined,
    onExit: () => undefined,
  });
}
