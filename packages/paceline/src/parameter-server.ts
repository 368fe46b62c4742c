import { join } from 'node:path';

import type { RunEvent } from '@paceline/protocol';
import type { RunningServer } from '@paceline/server';
import type { Clock, Logger } from '@paceline/telemetry';

import { loadJob } from './load-job.ts';
import { readTokens } from './security/read-tokens.ts';
import { serverTls } from './security/tls-files.ts';
import type { ServerTlsOptions } from './security/tls-files.ts';

/** A parameter server as a program starts it: a job by name or file, everything else with a default. */
export interface ParameterServerOptions extends ServerTlsOptions {
  /** A job file or the name of a built-in job. */
  readonly job: string;
  /** `HOST:PORT` (port 0: any free one) or `unix:/path`; exactly this address. */
  readonly listen: string;
  /** More such addresses, of which nothing is told. */
  readonly alsoListen?: readonly string[];
  /** `HOST` or `HOST:PORT` at which others reach `listen`, when that is another. */
  readonly advertise?: string;
  /** A file with the tokens; without it they are in `PACELINE_TOKEN`. Needed where other machines reach `listen`. */
  readonly tokenFile?: string;
  /** Overrides of the job, each `a.b=c`. */
  readonly set?: readonly string[];
  /** Training starts when so many workers are there. 1 by default. */
  readonly minWorkers?: number;
  readonly maxWorkers?: number;
  /** The run's folder; without one nothing is written. */
  readonly out?: string;
  readonly checkpoints?: string;
  /** A `step` event at least this often. 10 by default. */
  readonly everySteps?: number;
  /** Steps before which the run waits for `resume`. */
  readonly holdAt?: readonly number[];
  /** It also waits before each multiple of so many steps; not at its beginning. */
  readonly holdEvery?: number;
  /** How long it is still there after the end, to tell late workers of it. 0 by default; Infinity: until it is stopped. */
  readonly lingerMs?: number;
  readonly onEvent?: (event: RunEvent) => void;
  /** Where it writes what it does when. */
  readonly timelineFolder?: string;
  readonly clock?: Clock;
  /** Logs to standard error by default. */
  readonly logger?: Logger;
}

/**
 * Starts a parameter server in this process; `await using` it. TensorFlow is not needed, and not loaded.
 *
 * @throws PacelineError, JobError when the job cannot be loaded; TokenError and ServerError when tokens are wrong or
 * missing; the transport's error when the address is taken
 */
export async function parameterServer(options: ParameterServerOptions): Promise<RunningServer> {
  const { job, source } = await loadJob(options.job, { set: options.set ?? [] });
  const { openDiskStorage, startServer } = await import('@paceline/server');
  const { createLogger, openTimeline, systemClock } = await import('@paceline/telemetry');
  const { createWebSocketTransport, parseAdvertised } = await import('@paceline/transport');
  const clock = options.clock ?? systemClock();
  const logger = options.logger ?? createLogger({ name: 'server' });
  const tls = serverTls(options);
  const { tokenFile } = options;
  const tokens = readTokens({ tokenFile, onWarning: (text) => logger.warn({}, text) });
  const folder =
    options.checkpoints ??
    (options.out === undefined ? undefined : join(options.out, 'checkpoints'));
  const { keep, keepEverySteps } = job.settings.checkpoint;
  const keeping = { clock, keep, ...(keepEverySteps === undefined ? {} : { keepEverySteps }) };
  const storage = folder === undefined ? undefined : openDiskStorage(folder, keeping);
  return startServer({
    job,
    source,
    listen: options.listen,
    alsoListen: options.alsoListen ?? [],
    ...(options.advertise === undefined ? {} : { advertise: parseAdvertised(options.advertise) }),
    tokens,
    ...(tokenFile === undefined ? {} : { readTokens: () => readTokens({ tokenFile }) }),
    ...(tls === undefined ? {} : { tls }),
    minWorkers: options.minWorkers ?? 1,
    ...(options.maxWorkers === undefined ? {} : { maxWorkers: options.maxWorkers }),
    ...(options.out === undefined ? {} : { out: options.out }),
    ...(storage === undefined ? {} : { storage }),
    everySteps: options.everySteps ?? 10,
    holdAt: options.holdAt ?? [],
    ...(options.holdEvery === undefined ? {} : { holdEvery: options.holdEvery }),
    lingerMs: options.lingerMs ?? 0,
    transport: createWebSocketTransport(clock),
    clock,
    logger,
    timeline: openTimeline(options.timelineFolder, { process: 'server', thread: 'main' }),
    onEvent: options.onEvent ?? (() => undefined),
  });
}
