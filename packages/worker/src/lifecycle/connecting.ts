import { closeCodes, exitCodes } from '@paceline/protocol';
import { dropTasks } from './tasks.ts';
import type { Turn } from './turn.ts';
import { act, change, enter, exit } from './turn.ts';

const firstDelayMs = 100;
/** A server that is started again is back within about a second: so many attempts come quickly. */
const quickAttempts = 10;
const longestDelayMs = 5000;
/** Waiting for the welcome, once connected. */
const welcomeMs = 15_000;

/** The server answers: say hello. */
export function receiveConnected(turn: Turn): void {
  change(turn, { everConnected: true, attempts: 0 });
  enter(turn, 'greeting');
  act(turn, { kind: 'hello', session: turn.state.facts?.session });
}

/** The server could not be reached: try again until the deadline. */
export function receiveUnreachable(turn: Turn, reason: string, isFinal: boolean): void {
  const { everConnected, limits, lostSinceMs, attempts, leaving } = turn.state;
  if (leaving !== undefined) return exit(turn, exitCodes.finished, leaving.reason);
  if (isFinal) return exit(turn, exitCodes.unreachable, reason);
  const patienceMs = everConnected ? limits.reconnectTimeoutMs : limits.connectTimeoutMs;
  const waitedMs = turn.nowMs - lostSinceMs;
  if (waitedMs >= patienceMs) {
    const seconds = (patienceMs / 1000).toFixed(0);
    const flag = everConnected ? '--reconnect-timeout' : '--connect-timeout';
    return exit(turn, exitCodes.unreachable, `gave up after ${seconds} s (${flag}): ${reason}`);
  }
  change(turn, { attempts: attempts + 1 });
  if (attempts === 0) act(turn, { kind: 'log', level: 'info', text: `${reason}; trying again` });
  const doublings = Math.min(Math.max(0, attempts - quickAttempts), 10);
  const delayMs = Math.min(firstDelayMs * (1 << doublings), longestDelayMs);
  act(turn, { kind: 'connect', delayMs: Math.min(delayMs, Math.max(0, patienceMs - waitedMs)) });
}

/** The connection is gone. Whether a new one makes sense is written in the table of close codes. */
export function receiveDisconnected(turn: Turn, code: number, reason: string): void {
  const close = closeCodes.find((each) => each.code === code);
  if (turn.state.leaving !== undefined) {
    return exit(turn, exitCodes.finished, turn.state.leaving.reason);
  }
  if (close !== undefined && !close.reconnect) {
    const codeOfExit = close.name === 'finished' ? exitCodes.finished : exitForRefusal(close.name);
    return exit(turn, codeOfExit, reason === '' ? close.meaning : reason);
  }
  dropTasks(turn, () => true);
  change(turn, {
    versions: new Map(),
    averages: new Map(),
    averageVersion: undefined,
    version: undefined,
    lease: undefined,
    pausedAt: undefined,
    leasedStep: undefined,
    lostSinceMs: turn.nowMs,
  });
  enter(turn, 'connecting');
  const why = reason === '' ? `code ${String(code)}` : reason;
  act(turn, { kind: 'log', level: 'warn', text: `lost the server (${why}); connecting again` });
  act(turn, { kind: 'connect', delayMs: firstDelayMs });
}

/** A welcome that does not come ends the connection. */
export function checkGreeting(turn: Turn): void {
  if (turn.state.phase !== 'greeting' || turn.nowMs - turn.state.phaseSinceMs < welcomeMs) return;
  const reason = `the server accepted the connection but sent no welcome for ${String(welcomeMs / 1000)} s`;
  act(turn, { kind: 'hang-up', reason });
}

function exitForRefusal(name: string): number {
  return name === 'refused' || name === 'version-skew' || name === 'unauthorized'
    ? exitCodes.usage
    : exitCodes.failed;
}
