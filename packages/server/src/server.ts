import { randomUUID } from 'node:crypto';
import { totalmem } from 'node:os';
import type { ControlMessage } from '@paceline/protocol';
import type { Listener } from '@paceline/transport';
import type { Executor } from './executor.ts';
import { createExecutor } from './executor.ts';
import { createGoodput } from './goodput.ts';
import { createRequestHandler } from './http/requests.ts';
import { planLimits } from './limits.ts';
import { planGuard } from './memory-budget.ts';
import type { RunningServer, RunSummary, ServerOptions, StatusReport } from './options.ts';
import type { Peers } from './peers.ts';
import { createPeers } from './peers.ts';
import { syncPolicy } from './policy/sync.ts';
import type { Refusals } from './refusals.ts';
import { createRefusals } from './refusals.ts';
import { createReporter } from './reporter.ts';
import { isHeld } from './run/planning.ts';
import { readMessage } from './run/read-message.ts';
import type { Deadlines, RunConfig } from './run/state.ts';
import { initialRunState } from './run/state.ts';
import { reportStatus } from './status.ts';
import { vetMessage } from './vetting.ts';

const defaultDeadlines: Deadlines = {
  helloMs: 10_000,
  prepareMs: 180_000,
  initialMs: 60_000,
  silenceMs: 30_000,
};
const tickMs = 250;
/** After the end, workers have so long to hang up. */
const farewellMs = 1000;
const term = 1;

/**
 * Starts a parameter server: it listens, gathers workers, trains, and ends by itself. Resolves when it listens.
 * @throws what the transport says of the address (in use, not allowed, ...)
 */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const run = randomUUID();
  const parts = assemble(options, run);
  const listener = await options.transport.listen(options.listen, {
    maxFrameBytes: parts.limits.maxFrameBytes,
    guard: planGuard(options.maxWorkers),
    onRefusal: parts.refusals.count,
    onConnection: (connection) => {
      const id = parts.peers.add(connection);
      parts.executor.dispatch({ kind: 'connected', connection: id });
    },
    onRequest: createRequestHandler({
      status: parts.status,
      isReady: () => parts.executor.state.phase !== 'over',
      resume: parts.resume,
      stop: () => {
        parts.stop('asked to stop');
      },
    }),
  });
  options.onEvent({
    type: 'server',
    event: 'started',
    shard: 0,
    pid: process.pid,
    url: listener.url,
  });
  parts.announce(listener.url);
  const stopTicking = startTicking(options, parts);
  const finished = parts.ended.then(async (summary) => {
    stopTicking();
    await sayFarewell(options, parts.peers, listener);
    options.onEvent({ type: 'server', event: 'stopped', shard: 0, pid: process.pid });
    return summary;
  });
  return {
    url: listener.url,
    finished,
    resume: parts.resume,
    stop: parts.stop,
    status: parts.status,
    async [Symbol.asyncDispose]() {
      parts.stop('disposed');
      await finished;
    },
  };
}

interface Parts {
  readonly executor: Executor;
  readonly peers: Peers;
  readonly limits: ReturnType<typeof planLimits>;
  readonly refusals: Refusals;
  readonly ended: Promise<RunSummary>;
  readonly announce: (url: string) => void;
  readonly resume: () => boolean;
  readonly stop: (reason: string) => void;
  readonly status: () => StatusReport;
}

function assemble(options: ServerOptions, run: string): Parts {
  const { clock, job } = options;
  const config = configOf(options);
  const limits = planLimits(job.settings.bucketBytes, config.deadlines.silenceMs);
  const ended = Promise.withResolvers<RunSummary>();
  const goodput = createGoodput(clock.now());
  const reporter = createReporter(options, { run, goodput, ended: ended.resolve });
  const refusals = createRefusals(options);
  const peers: Peers = createPeers({
    clock,
    creditBytes: limits.creditBytes,
    events: {
      onRefusal: refusals.count,
      vet: (connection, message) =>
        vetMessage(executor.state, { connection, message, memoryBytes: totalmem() }),
      onMessage: (id, message, frameBytes) => {
        const input = readMessage(id, message, { term, freshSession: randomUUID });
        if (input !== undefined) executor.dispatch(input);
        if (message.kind === 'node') peers.giveBack(id, frameBytes);
      },
      onViolation: (connection, reason) => {
        executor.dispatch({ kind: 'violation', connection, reason });
      },
      onClosed: (connection, reason) => {
        executor.dispatch({ kind: 'closed', connection, reason });
      },
    },
  });
  const executor: Executor = createExecutor(initialRunState(config, clock.now()), {
    clock,
    peers,
    goodput,
    welcome: createWelcome(options, { run, limits }),
    report: (effect, state) => {
      reporter.report(effect, state, executor);
    },
  });
  return {
    executor,
    peers,
    limits,
    refusals,
    ended: ended.promise,
    announce: reporter.announce,
    resume: () => {
      const isToPass = isHeld(executor.state);
      executor.dispatch({ kind: 'resume' });
      return isToPass;
    },
    stop: (reason) => {
      executor.dispatch({ kind: 'stop', reason });
    },
    status: () =>
      reportStatus(executor.state, {
        ...{ run, nowMs: clock.now(), counters: executor.counters },
        refusals: refusals.counts,
      }),
  };
}

function configOf(options: ServerOptions): RunConfig {
  return {
    settings: options.job.settings,
    policy: syncPolicy,
    minWorkers: options.minWorkers ?? 1,
    maxWorkers: options.maxWorkers ?? Infinity,
    holdAt: options.holdAt ?? [],
    everySteps: options.everySteps ?? 10,
    deadlines: { ...defaultDeadlines, ...options.deadlines },
  };
}

function createWelcome(
  { job, source }: ServerOptions,
  o: { readonly run: string; readonly limits: ReturnType<typeof planLimits> },
): (session: string, name: string, version: number) => ControlMessage {
  return (session, name, version) => ({
    kind: 'welcome',
    run: o.run,
    term,
    session,
    name,
    settings: job.settings,
    declared: job.declared,
    source,
    backend: job.settings.backend,
    threads: job.settings.threads,
    bucketBytes: job.settings.bucketBytes,
    version,
    limits: o.limits,
  });
}

function startTicking(options: ServerOptions, parts: Parts): () => void {
  const { silenceMs } = configOf(options).deadlines;
  let cancel = (): void => undefined;
  const next = (): void => {
    cancel = options.clock.setTimer(tickMs, () => {
      for (const [connection, silentMs] of parts.peers.silences()) {
        if (silentMs > silenceMs) parts.executor.dispatch({ kind: 'silent', connection, silentMs });
      }
      parts.executor.dispatch({ kind: 'tick' });
      next();
    });
  };
  next();
  return () => {
    cancel();
  };
}

/** Closes the door: workers that were told of the end have a moment to read it. */
async function sayFarewell(
  { clock }: ServerOptions,
  peers: Peers,
  listener: Listener,
): Promise<void> {
  await new Promise<void>((resolve) => {
    clock.setTimer(peers.size === 0 ? 50 : farewellMs, resolve);
  });
  peers.terminate();
  await listener.close();
}
