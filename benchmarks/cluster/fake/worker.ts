import { noTimeline } from '@paceline/telemetry';
import type { Clock, Logger } from '@paceline/telemetry';
import type { Transport } from '@paceline/transport';

import { createCommunication } from '../../../packages/worker/src/communication/communication.ts';
import { createFakeCompute } from './compute.ts';

/** A worker without a model: the real communication side in this thread, and nothing to compute. */
export interface FakeWorker {
  /** It was welcomed, and has said what it built. */
  readonly prepared: Promise<unknown>;
  /** How it ended: an exit code of a worker, and why. */
  readonly ended: Promise<{ readonly code: number; readonly message: string }>;
}

const patienceMs = 60_000;
const limits = { connectTimeoutMs: patienceMs, reconnectTimeoutMs: patienceMs, graceMs: 1000 };

/** Starts one; several may share a process, a clock and a transport. */
export function startFakeWorker(o: {
  readonly url: string;
  readonly name: string;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly logger: Logger;
}): FakeWorker {
  const { url, name, transport, clock, logger } = o;
  const prepared = Promise.withResolvers<undefined>();
  const ended = Promise.withResolvers<{ readonly code: number; readonly message: string }>();
  const compute = createFakeCompute((reply) => {
    communication.receiveReply(reply);
    if (reply.kind === 'prepared') prepared.resolve(undefined);
  });
  const communication = createCommunication({
    url,
    identity: { name, pid: process.pid, host: 'benchmark' },
    limits,
    transport,
    clock,
    timeline: noTimeline,
    logger,
    // Between the threads of a worker an order arrives after the decision that gave it.
    order: (order) => void setImmediate(() => compute.receive(order)),
    onWell: () => undefined,
    onExit: (code, message) => {
      prepared.resolve(undefined);
      ended.resolve({ code, message });
    },
  });
  return { prepared: prepared.promise, ended: ended.promise };
}
