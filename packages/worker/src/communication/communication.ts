import type { Phase } from '@paceline/protocol';
import type { Clock, Logger, Timeline } from '@paceline/telemetry';
import type { Transport } from '@paceline/transport';
import type { ComputeOrder, ComputeReply } from '../compute/orders.ts';
import { isComputeStuck } from '../lifecycle/health.ts';
import type { WorkerLimits, WorkerState } from '../lifecycle/state.ts';
import { initialWorkerState } from '../lifecycle/state.ts';
import { describeWait } from '../lifecycle/waits.ts';
import type { WorkerExecutor, WorkerIdentity } from './executor.ts';
import { createWorkerExecutor } from './executor.ts';
import type { Link } from './link.ts';
import { createLink } from './link.ts';

/** Before the welcome says otherwise. */
const firstLimits = { maxFrameBytes: 2 ** 30, heartbeatMs: 1000, silenceMs: 30_000 };
const connectAttemptMs = 10_000;
const tickMs = 250;
const waitNoticeMs = 10_000;
const wellEveryMs = 1000;
const farewellMs = 1000;
const firstLeafMs = 60_000;

/** The communication side of a worker: everything but tensors. */
export interface Communication {
  receiveReply(reply: ComputeReply): void;
}

/** What the communication side needs. */
export interface CommunicationOptions {
  readonly url: string;
  readonly identity: WorkerIdentity;
  readonly limits: WorkerLimits;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly timeline: Timeline;
  readonly logger: Logger;
  readonly order: (order: ComputeOrder) => void;
  /** Called every second while both threads do what they should. */
  readonly onWell: () => void;
  /** Called once, when the socket is closed. */
  readonly onExit: (code: number, message: string) => void;
}

/** Starts it: it connects at once. */
export function createCommunication(options: CommunicationOptions): Communication {
  const { clock, logger, order, onWell } = options;
  let limits = firstLimits;
  const link = createLink({
    url: options.url,
    transport: options.transport,
    clock,
    maxFrameBytes: firstLimits.maxFrameBytes,
    timeoutMs: connectAttemptMs,
    frameMemory: (bytes, head) => executor.landing(bytes, head),
    events: {
      onConnected: () => {
        executor.dispatch({ kind: 'connected' });
      },
      onUnreachable: (reason, isFinal) => {
        executor.dispatch({ kind: 'unreachable', reason, isFinal });
      },
      onDisconnected: (code, reason) => {
        executor.dispatch({ kind: 'disconnected', code, reason });
      },
      onMessage: (message) => {
        if (message.kind === 'welcome') limits = { ...limits, ...message.limits };
        executor.receiveMessage(message);
      },
    },
  });
  const initial = initialWorkerState(options.limits, clock.now());
  const executor = createWorkerExecutor(initial, options.identity, {
    link,
    order,
    clock,
    timeline: options.timeline,
    logger,
    onExit: (code, message) => {
      stopTicking();
      void link.finish(farewellMs).then(() => {
        options.onExit(code, message);
      });
    },
  });
  const stopTicking = startTicking({
    clock,
    logger,
    link,
    executor,
    limits: () => limits,
    onWell,
  });
  link.connect(0);
  return {
    receiveReply: (reply) => {
      executor.receiveReply(reply);
    },
  };
}

/** Heartbeats, the watch over the server's silence, and the naming of long waits. */
function startTicking(o: {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly link: Link;
  readonly executor: WorkerExecutor;
  readonly limits: () => typeof firstLimits;
  readonly onWell: () => void;
}): () => void {
  const { clock, link, executor } = o;
  let heartbeatAtMs = clock.now();
  let wellAtMs = -Infinity;
  let noticedAtMs = clock.now();
  let moved = { phase: executor.state.phase, version: executor.state.version };
  let cancel = (): void => undefined;
  const tick = (): void => {
    const { state } = executor;
    const nowMs = clock.now();
    const silentMs = link.silentMs();
    const { silenceMs, heartbeatMs } = o.limits();
    if (silentMs !== undefined && silentMs > silenceMs) {
      link.hangUp(`no sign of life from the server for ${(silentMs / 1000).toFixed(1)} s`);
    } else if (silentMs !== undefined && nowMs - heartbeatAtMs >= heartbeatMs) {
      heartbeatAtMs = nowMs;
      if (state.facts !== undefined) link.send(describeHeartbeat(state));
    }
    if (nowMs - wellAtMs >= wellEveryMs && !isComputeStuck(state, nowMs)) {
      wellAtMs = nowMs;
      o.onWell();
    }
    // A worker that waits whenever one looks, but each time for another step, waits for nothing.
    if (moved.phase !== state.phase || moved.version !== state.version) {
      moved = state;
      noticedAtMs = nowMs;
    }
    const wait = describeWait(state, nowMs);
    if (wait !== undefined && nowMs - noticedAtMs >= waitNoticeMs) {
      noticedAtMs = nowMs;
      o.logger.info({}, wait);
    }
    executor.dispatch({ kind: 'tick' });
  };
  const schedule = (): void => {
    cancel = clock.setTimer(tickMs, () => {
      schedule();
      tick();
    });
  };
  schedule();
  return () => {
    cancel();
  };
}

function describeHeartbeat(state: WorkerState): {
  readonly kind: 'heartbeat';
  readonly phase: Phase;
  readonly step: number;
  readonly busyMs: number | null;
  readonly leafMicros: number | null;
} {
  const step = state.version ?? 0;
  const leafMicros = median(state.recentMicros) ?? null;
  return { kind: 'heartbeat', phase: phaseOf(state), step, busyMs: busyMsOf(state), leafMicros };
}

/** The upper one of two middles. */
function median(values: readonly number[]): number | undefined {
  return [...values].sort((a, b) => a - b)[values.length >> 1];
}

/** How long what is in hand takes; before anything was timed, as long as a large model may need for a first leaf. */
function busyMsOf({ inHand, tasks, recentMicros }: WorkerState): number | null {
  if (inHand === 0) return null;
  const leafMicros = median(recentMicros);
  if (leafMicros === undefined) return firstLeafMs;
  const left = tasks.reduce((sum, { leaves, computed }) => sum + leaves.length - computed, 0);
  return Math.round((Math.max(left, inHand) * leafMicros) / 1000);
}

function phaseOf(state: WorkerState): Phase {
  if (state.phase !== 'working') return 'load';
  if (state.version === undefined) return 'receive';
  if (state.inHand > 0) {
    return state.tasks.some((task) => task.kind === 'evaluation') ? 'evaluate' : 'compute';
  }
  return state.unsent > 0 ? 'send' : 'idle';
}
