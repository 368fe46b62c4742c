import { Worker } from 'node:worker_threads';
import { openTimeline } from '@paceline/telemetry';
import { createComputeLoop } from './compute/loop.ts';
import type { ComputeReply } from './compute/orders.ts';
import type { ThreadMessage, ThreadOptions } from './communication/thread.ts';
import { WorkerError } from './errors.ts';
import type { WorkerExit, WorkerOptions } from './options.ts';

/**
 * Works for a parameter server until the run is over, the worker is asked to leave, or it cannot go on. The compute
 * loop owns the calling thread, which must be the main one (native TensorFlow is unreliable elsewhere) and which is
 * blocked for the time of one leaf at a time; sockets live in a thread of their own. Never rejects for a fault of the
 * run: the exit says it.
 */
export async function runWorker(options: WorkerOptions): Promise<WorkerExit> {
  const thread = startThread(options);
  const exit = Promise.withResolvers<WorkerExit>();
  const reply = (message: ComputeReply): void => {
    thread.postMessage(message);
  };
  const loop = createComputeLoop({
    options,
    reply,
    onNotice: (line) => process.emitWarning(line, { code: 'PACELINE' }),
    now: () => performance.now(),
    timeline: openTimeline(options.timelineFolder, { process: options.name, thread: 'compute' }),
  });
  thread.on('message', (message: ThreadMessage) => {
    if (message.kind === 'exit') exit.resolve(message);
    else loop.receive(message);
  });
  thread.on('error', (cause) => {
    const words = `the communication thread failed: ${cause instanceof Error ? cause.message : String(cause)}`;
    exit.reject(new WorkerError('thread-died', words, { cause }));
  });
  const leave = (): void => {
    reply({ kind: 'leave', reason: reasonOf(options.leave) });
  };
  options.leave.addEventListener('abort', leave, { once: true });
  if (options.leave.aborted) leave();
  try {
    const { code, message } = await exit.promise;
    return { code, message };
  } finally {
    options.leave.removeEventListener('abort', leave);
    await thread.terminate();
    loop.dispose();
  }
}

function startThread(options: WorkerOptions): Worker {
  const workerData: ThreadOptions = {
    url: options.url,
    credentials: options.credentials ?? {},
    name: options.name,
    limits: {
      connectTimeoutMs: options.connectTimeoutMs,
      reconnectTimeoutMs: options.reconnectTimeoutMs,
      graceMs: options.graceMs,
    },
    launcherPid: options.launcherPid,
    healthFile: options.healthFile,
    timelineFolder: options.timelineFolder,
    logLevel: options.logLevel,
    prettyLog: options.prettyLog ?? false,
  };
  const name = `communication of ${options.name}`;
  // Beside this file: a source in the repository, which imports sources, or a build product in the package.
  if (!import.meta.url.endsWith('.ts')) {
    return new Worker(new URL('./communication/thread.js', import.meta.url), { workerData, name });
  }
  const file = new URL('./communication/thread.ts', import.meta.url);
  const execArgv = ['--conditions=paceline-source'];
  return new Worker(file, { workerData, name, execArgv });
}

function reasonOf(signal: AbortSignal): string {
  return typeof signal.reason === 'string' ? signal.reason : 'asked to leave';
}
