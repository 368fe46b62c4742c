/**
 * A parameter server of the toy run, alone in its process so that its memory can be measured: `ADDRESS` is its argument.
 * Prints its events, and last a report of its memory. It trains until SIGTERM. Needs `--expose-gc`.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { encodeEvent } from '@paceline/protocol';
import { startServer } from '@paceline/server';
import { createLogger, systemClock } from '@paceline/telemetry';
import { createWebSocketTransport } from '@paceline/transport';

import { toyJob } from '../../packages/server/test/support/toy-run.ts';

const print = (line: string): boolean => process.stdout.write(`${line}\n`);
/** When training begins: the run has its memory. */
let start = measure();
const server = await startServer({
  job: toyJob(['until.steps=1000000000']),
  source: { kind: 'file', name: 'toy' },
  listen: process.argv[2] ?? '',
  minWorkers: 2,
  everySteps: 1_000,
  transport: createWebSocketTransport(),
  clock: systemClock(),
  logger: createLogger({ name: 'server', level: 'warn' }),
  onEvent: (event) => {
    if (event.type === 'start') start = measure();
    print(encodeEvent(event));
  },
});

/** What lives, after a collection; `bufferBytes` are outside of V8's heap. */
function measure(): Readonly<Record<'heapBytes' | 'bufferBytes' | 'residentBytes', number>> {
  globalThis.gc?.();
  const { heapUsed, external, rss } = process.memoryUsage();
  return { heapBytes: heapUsed, bufferBytes: external, residentBytes: rss };
}

/** Buffers are given back some time after the collection that found them. */
async function measureLater(): Promise<ReturnType<typeof measure>> {
  for (let i = 0; i < 5; i++) {
    measure();
    await pause(100);
  }
  return measure();
}

const finish = async (): Promise<void> => {
  const end = await measureLater();
  // In kilobytes, the system's own high-water mark: no sample can miss it.
  const peakBytes = process.resourceUsage().maxRSS * 1024;
  print(JSON.stringify({ type: 'memory', start, end, peakBytes }));
  server.stop('SIGTERM');
};
process.once('SIGTERM', () => void finish());
await server.finished;
