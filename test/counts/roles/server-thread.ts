// The parameter server of the counted run: all real, but for a clock that stands still, so that nothing comes by itself:
// no heartbeat, no ping, no tick.
import { workerData } from 'node:worker_threads';
import { startServer } from '@paceline/server';
import { createManualClock, createMemoryLogger } from '@paceline/telemetry/testing';
import { createWebSocketTransport } from '@paceline/transport';
import { countedJob } from '../job.ts';
import { countMessages } from '../probes/messages.ts';
import { answer, startCounting } from './answering.ts';

/** What the server is started with. */
export interface ServerThreadOptions {
  readonly listen: string;
  readonly workers: number;
  readonly holdAt: readonly number[];
}

const options = workerData as ServerThreadOptions;
const counters = startCounting();
const clock = createManualClock();
let heldAt: number | undefined;
const server = await startServer({
  job: countedJob,
  source: { kind: 'file', name: 'counted' },
  listen: options.listen,
  minWorkers: options.workers,
  holdAt: options.holdAt,
  transport: countMessages(createWebSocketTransport(clock), counters.tally),
  clock,
  logger: createMemoryLogger(),
  onEvent: (event) => {
    if (event.type === 'hold') heldAt = event.step;
  },
});

answer(server.url, {
  count: () => ({ counts: counters.read(), heldAt }),
  resume: () => {
    heldAt = undefined;
    return server.resume();
  },
  async stop() {
    server.stop('all is counted');
    const ended = server.finished.then(() => true);
    const tick = (): Promise<false> => clock.advance(1000).then(() => false);
    while (!(await Promise.race([ended, tick()])));
  },
});
