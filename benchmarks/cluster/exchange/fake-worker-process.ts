import { Worker } from 'node:worker_threads';

import type {
  ThreadMessage,
  ThreadOptions,
} from '../../../packages/worker/src/communication/thread.ts';
import { createFakeCompute } from '../fake/compute.ts';

const thread = new URL('../../../packages/worker/src/communication/thread.ts', import.meta.url);
const limits = { connectTimeoutMs: 60_000, reconnectTimeoutMs: 60_000, graceMs: 1000 };

/**
 * A worker without a model as `runWorker` starts one: the real communication side in a thread of its own, and the compute
 * side in this one. Resolves with the exit code.
 */
export async function runFakeWorker(url: string, name: string): Promise<number> {
  const launcherPid = Number(process.env['PACELINE_LAUNCHER_PID']);
  const workerData: ThreadOptions = {
    url,
    name,
    limits,
    credentials: {},
    launcherPid: Number.isNaN(launcherPid) ? undefined : launcherPid,
    healthFile: undefined,
    timelineFolder: process.env['PACELINE_TIMELINE_DIRECTORY'],
    logLevel: 'error',
    prettyLog: false,
  };
  const execArgv = ['--conditions=paceline-source'];
  const communication = new Worker(thread, { workerData, execArgv });
  const compute = createFakeCompute((reply) => communication.postMessage(reply));
  process.once('SIGTERM', () => communication.postMessage({ kind: 'leave', reason: 'SIGTERM' }));
  return new Promise((resolve, reject) => {
    communication.on('error', reject);
    communication.on('message', (message: ThreadMessage) => {
      if (message.kind === 'exit') resolve(message.code);
      else compute.receive(message);
    });
  });
}
