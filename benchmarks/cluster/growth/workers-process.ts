/**
 * Many workers without a model in one process: `node ... workers-process.ts URL FIRST END` hosts those with the numbers
 * from FIRST up to END. Says {"ready": pid} when all were welcomed; the end of standard input is the end.
 */
import { createLogger, systemClock } from '@paceline/telemetry';
import { createWebSocketTransport } from '@paceline/transport';

import { startFakeWorker } from '../fake/worker.ts';

const [url = '', first = '0', end = '0'] = process.argv.slice(2);
const clock = systemClock();
const shared = {
  url,
  clock,
  transport: createWebSocketTransport(clock),
  logger: createLogger({ name: 'workers', level: 'error' }),
};

process.stdin.on('end', () => process.exit(0)).resume();
for (let number = Number(first); number < Number(end); number += 1) {
  const worker = startFakeWorker({ ...shared, name: `w${number}` });
  void worker.ended.then(({ code, message }) => {
    process.stderr.write(`w${number} ended: ${message}\n`);
    process.exit(code);
  });
  // One after the other: a server has room for 64 that it does not know yet.
  await worker.prepared;
}
process.stdout.write(`${JSON.stringify({ ready: process.pid })}\n`);
