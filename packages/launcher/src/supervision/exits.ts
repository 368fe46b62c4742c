import type { RunEvent } from '@paceline/protocol';

import { describeExit } from '../process/exit-words.ts';
import { isCrash } from '../process/exit.ts';
import type { ProcessExit } from '../process/exit.ts';
import { askToLeave, finishWhenEmpty } from './ending.ts';
import { timer } from './events.ts';
import type { Transition } from './events.ts';
import { nextStreak, restartDelayMs } from './restarts.ts';
import type { CrashStreak } from './restarts.ts';
import { isEnding, serverName, withProcess, workersIn } from './state.ts';
import type { SupervisionState } from './state.ts';

/** A process is gone: it is started again, done without, or the reason why the run ends. */
export function processExited(
  before: SupervisionState,
  { process, exit }: { readonly process: string; readonly exit: ProcessExit },
  nowMs: number,
): Transition {
  const state = withProcess(before, process, { phase: 'gone' });
  if (process === serverName) return serverExited({ ...state, isListening: false }, exit, nowMs);
  return workerExited(state, { worker: process, exit, nowMs });
}

/** The workers stay while the server is down: they find it again by themselves. */
function serverExited(state: SupervisionState, exit: ProcessExit, nowMs: number): Transition {
  if (isEnding(state)) return serverEnded(state, exit);
  return isCrash(exit)
    ? restart(state, { process: serverName, exit, nowMs })
    : askToLeave(withCause(state, serverName, exit));
}

function serverEnded(state: SupervisionState, exit: ProcessExit): Transition {
  const isVerdict = exit.code === 2 || exit.code === 3;
  const next = isVerdict ? withCause(state, serverName, exit) : state;
  const hasToldWorkers = state.phase === 'draining' && [0, 130, 143].includes(exit.code ?? -1);
  // Nobody tells them any more: they would go on trying to reach the server for minutes.
  return hasToldWorkers || state.isAsked ? finishWhenEmpty(next) : askToLeave(next);
}

interface WorkerEnd {
  readonly worker: string;
  readonly exit: ProcessExit;
  readonly nowMs: number;
}

function workerExited(state: SupervisionState, { worker, exit, nowMs }: WorkerEnd): Transition {
  if (isEnding(state)) return finishWhenEmpty(state);
  const others = workersIn(state, 'running', 'waiting').length;
  if (isCrash(exit) && others - state.leaving < state.wanted) {
    return restart(state, { process: worker, exit, nowMs });
  }
  const left = { ...state, leaving: Math.max(0, state.leaving - 1) };
  // Before training, all workers are waited for: without one of them it would never begin.
  if (state.phase !== 'training' || others === 0) {
    return askToLeave(withCause(left, worker, exit));
  }
  if (exit.code === 0) return { state: left, effects: [] };
  return { state: left, effects: [report(worker, exit, 'the others go on')] };
}

/** Starts a crashed process again after a while, or gives it up when it has crashed too often. */
function restart(
  state: SupervisionState,
  o: { readonly process: string; readonly exit: ProcessExit; readonly nowMs: number },
): Transition {
  const { process, exit } = o;
  const record = state.processes[process];
  const streak = nextStreak(record?.streak, exit, o.nowMs - (record?.startedMs ?? o.nowMs));
  const delayMs = restartDelayMs(streak, state.limits.maxRestarts);
  if (delayMs === undefined) return giveUp(state, process, streak);
  return {
    state: withProcess(state, process, { phase: 'waiting', streak }),
    effects: [
      report(process, exit, `it is started again in ${delayMs / 1000} s`),
      timer(`restart:${process}`, delayMs),
    ],
  };
}

function giveUp(state: SupervisionState, process: string, streak: CrashStreak): Transition {
  const { crashes, first } = streak;
  const words =
    crashes === 1
      ? describeExit(first)
      : `crashed ${crashes} times in a row; the first time it ${describeExit(first)}`;
  const others = workersIn(state, 'running', 'waiting').length;
  if (process !== serverName && state.phase === 'training' && others > 0) {
    return { state, effects: [report(process, first, 'the others go on', words)] };
  }
  const end = askToLeave(withCause(state, process, first, words));
  const given = report(process, first, 'it is given up', words);
  return { state: end.state, effects: [given, ...end.effects] };
}

function withCause(
  state: SupervisionState,
  process: string,
  exit: ProcessExit,
  words = describeExit(exit),
): SupervisionState {
  if (state.cause !== undefined || state.stopSignal !== undefined) return state;
  const code = [2, 3, 4, 130, 143].includes(exit.code ?? -1) ? (exit.code ?? 3) : 3;
  return { ...state, cause: { process, words, code, lastLines: exit.lastLines } };
}

function report(
  process: string,
  exit: ProcessExit,
  then: string,
  words = describeExit(exit),
): { readonly type: 'report'; readonly event: RunEvent } {
  // Who is killed has no chance to say why: its last line is about something else.
  const lastLine = exit.signal === 'SIGKILL' ? undefined : exit.lastLines.at(-1);
  const lastWords = lastLine === undefined ? '' : `. Its last words: ${lastLine}`;
  if (process === serverName) {
    const reason = `it ${words}; ${then}${lastWords}`;
    const event = { type: 'server', event: 'crashed', shard: 0, pid: exit.pid ?? 0 } as const;
    return { type: 'report', event: { ...event, reason } };
  }
  const detail = `worker ${process} ${words}; ${then}${lastWords}`;
  return { type: 'report', event: { type: 'fault', kind: 'worker-exited', detail } };
}
