import type { Phase, ServerMessage } from '@paceline/protocol';
import type { Clock, Logger } from '@paceline/telemetry';
import type { Transport } from '@paceline/transport';
import type { ComputeOrder, ComputeReply } from '../compute/orders.ts';
import type { WorkerLimits, WorkerState } from '../lifecycle/state.ts';
import { initialWorkerState } from '../lifecycle/state.ts';
import { describeWait } from '../lifecycle/waits.ts';
import type { WorkerIdentity } from './executor.ts';
import { createWorkerExecutor } from './executor.ts';
import type { Link } from './link.ts';
import { createLink } from './link.ts';

/** Before the welcome says otherwise. */
const firstLimits = { maxFrameBytes: 2 ** 30, heartbeatMs: 1000, silenceMs: 30_000 };
const connectAttemptMs = 10_000;
const tickMs = 250;
const waitNoticeMs = 10_000;
const farewellMs = 1000;

/** The communication side of a worker: everything but tensors. */
export interface Communication {
  receiveReply(reply: ComputeReply): void;
}

/** Starts it: it connects at once. `onExit` is called once, when the socket is closed. */
export function createCommunication(o: {
  readonly url: string;
  readonly identity: WorkerIdentity;
  readonly limits: WorkerLimits;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly order: (order: ComputeOrder) => void;
  readonly onExit: (code: number, message: string) => void;
}): Communication {
  const { clock, logger } = o;
  let limits = firstLimits;
  let stopTicking = (): void => undefined;
  const link: Link = createLink({
    url: o.url,
    transport: o.transport,
    clock,
    maxFrameBytes: firstLimits.maxFrameBytes,
    timeoutMs: connectAttemptMs,
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
      onMessage: (message: ServerMessage) => {
        if (message.kind === 'welcome') limits = { ...limits, ...message.limits };
        executor.receiveMessage(message);
      },
    },
  });
  const executor = createWorkerExecutor(initialWorkerState(o.limits, clock.now()), o.identity, {
    link,
    order: o.order,
    clock,
    logger,
    onExit: (code, message) => {
      stopTicking();
      void link.finish(farewellMs).then(() => {
        o.onExit(code, message);
      });
    },
  });

  let heartbeatAtMs = clock.now();
  let noticedAtMs = clock.now();
  const tick = (): void => {
    const nowMs = clock.now();
    const { state } = executor;
    const silentMs = link.silentMs();
    if (silentMs !== undefined && silentMs > limits.silenceMs) {
      link.hangUp(`no sign of life from the server for ${(silentMs / 1000).toFixed(1)} s`);
    } else if (silentMs !== undefined && nowMs - heartbeatAtMs >= limits.heartbeatMs) {
      heartbeatAtMs = nowMs;
      if (state.facts !== undefined) link.send(describeHeartbeat(state));
    }
    const wait = describeWait(state, nowMs);
    if (wait !== undefined && nowMs - Math.max(noticedAtMs, state.phaseSinceMs) >= waitNoticeMs) {
      noticedAtMs = nowMs;
      logger.info({}, wait);
    }
    executor.dispatch({ kind: 'tick' });
  };
  const schedule = (): void => {
    const cancel = clock.setTimer(tickMs, () => {
      schedule();
      tick();
    });
    stopTicking = cancel;
  };
  schedule();
  link.connect(0);
  return { receiveReply: executor.receiveReply };
}

function describeHeartbeat(state: WorkerState): {
  readonly kind: 'heartbeat';
  readonly phase: Phase;
  readonly step: number;
  readonly busyUntilMs: null;
} {
  const step = state.version ?? 0;
  return { kind: 'heartbeat', phase: phaseOf(state), step, busyUntilMs: null };
}

function phaseOf(state: WorkerState): Phase {
  if (state.phase !== 'working') return 'load';
  if (state.version === undefined) return 'receive';
  if (state.inHand > 0) {
    return state.tasks.some((task) => task.kind === 'evaluation') ? 'evaluate' : 'compute';
  }
  return state.unsent > 0 ? 'send' : 'idle';
}
