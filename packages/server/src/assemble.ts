import { totalmem } from 'node:os';
import type { ControlMessage } from '@paceline/protocol';
import { createExposition, noTimeline } from '@paceline/telemetry';
import type { Beginning } from './beginning.ts';
import { composeImage } from './checkpoint/image.ts';
import { planConfig } from './config.ts';
import { earlierTime } from './report/earlier-time.ts';
import type { CheckpointOrder, Executor } from './executor.ts';
import { createExecutor } from './executor.ts';
import { allocateStore } from './store/allocate-store.ts';
import type { Goodput } from './report/goodput.ts';
import { createGoodput } from './report/goodput.ts';
import type { HttpActions } from './http/requests.ts';
import { planLimits } from './connections/limits.ts';
import type { RunSummary, ServerOptions } from './options.ts';
import type { Peers } from './connections/peers.ts';
import { createPeers } from './connections/peers.ts';
import type { Refusals } from './connections/refusals.ts';
import { createRefusals } from './connections/refusals.ts';
import { serverMetrics } from './report/metrics/all.ts';
import { metricReader } from './report/metrics/read.ts';
import { createReporter } from './report/reporter.ts';
import type { Reporter } from './report/reporter.ts';
import { canSave } from './run/controls.ts';
import { isHeld } from './run/planning.ts';
import { readMessage } from './run/read-message.ts';
import { restoredRunState } from './run/restoring.ts';
import type { RunConfig } from './run/state.ts';
import { initialRunState } from './run/state.ts';
import { reportStatus } from './report/status.ts';
import { vetMessage } from './connections/vetting.ts';
import type { ParameterStore } from './store/parameter-store.ts';

/** The parts of a server, wired up. */
export interface Parts {
  readonly executor: Executor;
  readonly peers: Peers;
  readonly limits: ReturnType<typeof planLimits>;
  readonly refusals: Refusals;
  readonly ended: Promise<RunSummary>;
  readonly announce: Reporter['announce'];
  readonly takeLeave: () => void;
  readonly controls: Omit<HttpActions, 'stop'>;
}

/** Wires the parts of a server: sockets to inputs, effects to sockets, store, disk and the outside world. */
export function assemble(options: ServerOptions, beginning: Beginning): Parts {
  const { clock } = options;
  const { start, createId } = beginning;
  const run = start.image?.facts.run ?? createId();
  const config = planConfig(options, beginning);
  const memoryBytes = totalmem();
  const limits = planLimits(options.job.settings.bucketBytes, config.deadlines);
  const ended = Promise.withResolvers<RunSummary>();
  const goodput = createGoodput(clock.now(), earlierTime(beginning, clock.wallMs()));
  const reporter = createReporter(options, { run, goodput, ended: ended.resolve });
  const refusals = createRefusals(options);
  const peers: Peers = createPeers({
    creditBytes: limits.creditBytes,
    events: {
      onRefusal: refusals.count,
      vet: (connection, message) =>
        vetMessage(executor.state, { connection, message, memoryBytes }),
      onMessage: (id, message, frameBytes) => {
        executor.dispatch(readMessage(id, message, { freshSession: createId }));
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
  const { state, store } = beginAt(config, beginning, clock.now());
  const surroundings = {
    clock,
    timeline: options.timeline ?? noTimeline,
    peers,
    goodput,
    welcome: createWelcome(options, { run, limits, term: start.term }),
    report: reporter.report,
    checkpoint: createCheckpointer(options, { run, goodput, executor: () => executor }),
  };
  const executor: Executor = createExecutor(state, surroundings, store);
  const { announce, takeLeave } = reporter;
  const metrics = createExposition(
    serverMetrics,
    metricReader(executor, { run, clock, refusals, peers, goodput, image: start.image }),
  );
  const now = (): number => clock.now();
  const controls = createControls(executor, { run, peers, refusals, metrics, now });
  return { executor, peers, limits, refusals, ended: ended.promise, announce, takeLeave, controls };
}

function beginAt(
  config: RunConfig,
  { start: { image } }: Beginning,
  nowMs: number,
): { readonly state: ReturnType<typeof initialRunState>; readonly store?: ParameterStore } {
  if (image === undefined) return { state: initialRunState(config, nowMs) };
  const state = restoredRunState(config, image, nowMs);
  if (state.shape === undefined) return { state };
  const store = allocateStore(config.settings, state.shape);
  store.restore(image.facts.step, image);
  return { state, store };
}

/** Copies the state now, writes it later, and reports back. */
function createCheckpointer(
  { storage, clock }: ServerOptions,
  o: { readonly run: string; readonly goodput: Goodput; readonly executor: () => Executor },
): (store: ParameterStore, order: CheckpointOrder) => void {
  return (store, { version, state, sections }) => {
    const layout = state.shape?.layout;
    if (storage === undefined || layout === undefined) return;
    const { settings, term } = state.config;
    const image = composeImage(store.copyState(version), {
      ...{ run: o.run, term, version, settings, layout },
      sections: { ...sections, time: { spentMs: o.goodput.spentMs(clock.now()) } },
      wallMs: clock.wallMs(),
    });
    const written = storage.write(image).then(
      ({ path, tookMs }) => ({ kind: 'checkpointed', version, path, tookMs }) as const,
      (error: unknown) => ({ kind: 'checkpoint-failed', version, reason: wordsOf(error) }) as const,
    );
    void written.then((input) => {
      o.executor().dispatch(input);
    });
  };
}

function createControls(
  executor: Executor,
  o: {
    readonly run: string;
    readonly peers: Peers;
    readonly refusals: Refusals;
    readonly metrics: HttpActions['metrics'];
    readonly now: () => number;
  },
): Parts['controls'] {
  return {
    metrics: o.metrics,
    status: () =>
      reportStatus(executor.state, {
        run: o.run,
        nowMs: o.now(),
        counters: executor.counters,
        traffic: { ...o.peers.traffic },
        refusals: o.refusals.counts,
      }),
    isReady: () => executor.state.phase !== 'over',
    resume: () => {
      const isToPass = isHeld(executor.state);
      executor.dispatch({ kind: 'resume' });
      return isToPass;
    },
    pause: () => {
      executor.dispatch({ kind: 'pause' });
    },
    checkpoint: () => {
      const isPossible = canSave(executor.state);
      if (isPossible) executor.dispatch({ kind: 'save' });
      return isPossible;
    },
    scale: (workers) => {
      executor.dispatch({ kind: 'scale', workers });
    },
  };
}

function createWelcome(
  { job, source }: ServerOptions,
  o: {
    readonly run: string;
    readonly term: number;
    readonly limits: ReturnType<typeof planLimits>;
  },
): (session: string, name: string, version: number) => ControlMessage {
  const { settings, declared } = job;
  const { backend, threads, bucketBytes } = settings;
  const fixed = { settings, declared, source, backend, threads, bucketBytes } as const;
  return (session, name, version) => ({ kind: 'welcome', ...o, ...fixed, session, name, version });
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
