/**
 * The server whose growth is measured, alone in its process: `node ... server-process.ts OPTIONS`, a JSON of
 * `ServerPlan`. It is a parameter server as `paceline server` starts it, on a free port of this machine, without an output
 * folder; its transport is watched. Says {"url": ...}, then {"warm": true} when it holds before the first block; after
 * each line on standard input it does a block of steps and says what they took (`ServerBlock`). The end of the input is
 * the end.
 */
import { createInterface } from 'node:readline';
import { parseJob } from '@paceline/protocol';
import { startServer } from '@paceline/server';
import { createLogger, systemClock } from '@paceline/telemetry';
import { createWebSocketTransport } from '@paceline/transport';

import { fakeJob } from '../fake/job.ts';
import type { ServerBlock, ServerPlan } from './server-plan.ts';
import { watchTransport } from './watch-transport.ts';

const plan = JSON.parse(process.argv[2] ?? '') as ServerPlan;
const { workers, warmUpSteps, blockSteps, blocks } = plan;
const clock = systemClock();
const { transport, watch } = watchTransport(createWebSocketTransport(clock));
let held = Promise.withResolvers<undefined>();

const server = await startServer({
  job: parseJob(fakeJob(plan)),
  source: { kind: 'data', name: 'fake' },
  listen: '127.0.0.1:0',
  minWorkers: workers,
  holdAt: Array.from({ length: blocks + 1 }, (_, block) => warmUpSteps + block * blockSteps),
  transport,
  clock,
  logger: createLogger({ name: 'server', level: 'warn' }),
  onEvent: ({ type }) => {
    if (type === 'hold') held.resolve(undefined);
  },
});
say({ url: server.url });
await held.promise;
await settled();
say({ warm: true });
for await (const _ of createInterface({ input: process.stdin })) say(await block());
server.stop('the benchmark is over');
await server.finished;
process.exit(0);

async function block(): Promise<ServerBlock> {
  held = Promise.withResolvers<undefined>();
  watch.longestQueueBytes = 0;
  const before = { ...watch };
  const counters = { ...server.status().counters };
  const cpu = process.cpuUsage();
  const startMs = clock.now();
  server.resume();
  await held.promise;
  await settled();
  const { user, system } = process.cpuUsage(cpu);
  const now = server.status();
  return {
    seconds: (clock.now() - startMs) / 1000,
    cpuMs: (user + system) / 1000,
    receivedBytes: watch.receivedBytes - before.receivedBytes,
    receivedSumBytes: watch.receivedSumBytes - before.receivedSumBytes,
    sentBytes: watch.sentBytes - before.sentBytes,
    longestQueueBytes: watch.longestQueueBytes,
    sums: (now.counters['nodes'] ?? 0) - (counters['nodes'] ?? 0),
    workers: now.workers.length,
    residentPeakBytes: process.resourceUsage().maxRSS * 1024,
  };
}

/** The hold is told before the last parameters are on their way: a block ends when they have left. */
async function settled(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  await watch.drained();
}

function say(words: object): void {
  process.stdout.write(`${JSON.stringify(words)}\n`);
}
