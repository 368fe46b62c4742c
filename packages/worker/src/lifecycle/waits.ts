import type { WorkerState } from './state.ts';

/** On whom this worker waits, since when, and what happens next, in one sentence; undefined while it computes. Pure. */
export function describeWait(state: WorkerState, nowMs: number): string | undefined {
  const seconds = ((nowMs - state.phaseSinceMs) / 1000).toFixed(0);
  const patience = state.everConnected
    ? state.limits.reconnectTimeoutMs
    : state.limits.connectTimeoutMs;
  switch (state.phase) {
    case 'connecting':
      return `waiting for the server to answer for ${seconds} s; giving up after ${String(patience / 1000)} s`;
    case 'greeting':
      return `waiting for the server's welcome for ${seconds} s; then connecting again`;
    case 'preparing':
      return `building model and data for ${seconds} s`;
    case 'over':
      return undefined;
    case 'working':
      if (state.inHand > 0) return undefined;
      if (state.version === undefined) {
        return `waiting for the server to send parameters for ${seconds} s: it waits for other workers, or for the initial weights`;
      }
      return state.lease === undefined || state.pausedAt !== undefined
        ? `waiting for the server to give work at version ${String(state.version)}: it holds, evaluates or plans`
        : `waiting for the server to complete step ${String(state.version)}: another worker computes the rest`;
  }
}
