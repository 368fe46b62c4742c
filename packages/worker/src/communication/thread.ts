import { hostname } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { exitCodes } from '@paceline/protocol';
import type { LogLevel } from '@paceline/telemetry';
import { createLogger, openTimeline, systemClock } from '@paceline/telemetry';
import { createWebSocketTransport } from '@paceline/transport';
import type { Credentials } from '@paceline/transport';
import type { ComputeOrder, ComputeReply } from '../compute/orders.ts';
import type { WorkerLimits } from '../lifecycle/state.ts';
import { createCommunication } from './communication.ts';
import { openHealthFile } from './health-file.ts';

/** What the main thread hands to the communication thread. */
export interface ThreadOptions {
  readonly url: string;
  readonly credentials: Credentials;
  readonly name: string;
  readonly limits: WorkerLimits;
  readonly launcherPid: number | undefined;
  readonly healthFile: string | undefined;
  readonly timelineFolder: string | undefined;
  readonly logLevel: LogLevel;
  readonly prettyLog: boolean;
}

/** What the communication thread tells the main thread: orders for the compute loop, or that all is over. */
export type ThreadMessage =
  ComputeOrder | { readonly kind: 'exit'; readonly code: number; readonly message: string };

const launcherCheckMs = 1000;

const options = workerData as ThreadOptions;
const port = parentPort;
if (port === null) throw new Error('the communication thread is started by runWorker');
const clock = systemClock();
const sayWell = options.healthFile === undefined ? undefined : openHealthFile(options.healthFile);
const timeline = openTimeline(options.timelineFolder, {
  process: options.name,
  thread: 'communication',
});
const tell = (message: ThreadMessage): void => {
  port.postMessage(message);
};
const communication = createCommunication({
  url: options.url,
  identity: { name: options.name, pid: process.pid, host: hostname() },
  limits: options.limits,
  transport: createWebSocketTransport(clock, options.credentials),
  clock,
  timeline,
  logger: createLogger({
    name: `worker ${options.name}`,
    level: options.logLevel,
    pretty: options.prettyLog,
  }),
  order: tell,
  onWell: () => {
    sayWell?.(clock.wallMs());
  },
  onExit: (code, message) => {
    timeline.flush();
    tell({ kind: 'exit', code, message });
  },
});
port.on('message', (reply: ComputeReply) => {
  communication.receiveReply(reply);
});
watchLauncher(options.launcherPid);

/** `process.exit` in a thread ends only the thread: an orphaned process is ended by its own pid. */
function watchLauncher(launcherPid: number | undefined): void {
  if (launcherPid === undefined) return;
  setInterval(() => {
    if (process.ppid === launcherPid) return;
    process.exitCode = exitCodes.failed;
    process.kill(process.pid, 'SIGKILL');
  }, launcherCheckMs).unref();
}
