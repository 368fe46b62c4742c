import type { Member } from '../membership/members.ts';
import { membersIn } from '../membership/members.ts';
import { patienceMs } from '../membership/suspicion.ts';
import { isFirstCheckpointUnderWay } from './checkpointing.ts';
import { missingInRound } from '../leases/round.ts';
import type { RunState } from './state.ts';

/** One thing that the run waits for. */
export interface Wait {
  /** On whom: a worker's name, or "workers", "the operator". */
  readonly on: string;
  /** What it is doing meanwhile, as it last said. */
  readonly phase: string;
  readonly sinceMs: number;
  /** When the server stops waiting; undefined where it waits for as long as it takes. */
  readonly deadlineMs: number | undefined;
  /** What happens then, or what ends the wait. */
  readonly next: string;
}

/** Everything that the run waits for now, most important first. Pure: status, log and deadlines all read this. */
export function listWaits(state: RunState): readonly Wait[] {
  return [...waitsOnStrangers(state), ...waitsOnMembers(state), ...waitsOfPhase(state)];
}

/** One sentence about a wait, for people. */
export function describeWait(wait: Wait, nowMs: number): string {
  const seconds = ((nowMs - wait.sinceMs) / 1000).toFixed(1);
  return `waiting for ${wait.on} (${wait.phase}) for ${seconds} s; ${wait.next}`;
}

function waitsOnStrangers(state: RunState): readonly Wait[] {
  return [...state.strangers].map(([connection, sinceMs]) => ({
    on: `connection ${String(connection)}`,
    phase: 'hello',
    sinceMs,
    deadlineMs: sinceMs + state.config.deadlines.helloMs,
    next: 'it is closed if it does not say hello',
  }));
}

function waitsOnMembers(state: RunState): readonly Wait[] {
  const { deadlines } = state.config;
  return [...state.members.values()].flatMap((member): readonly Wait[] => {
    if (member.stage === 'preparing') {
      const deadlineMs = member.sinceMs + deadlines.prepareMs;
      const next = 'it is let go if its model is not ready by then';
      return [{ on: member.name, phase: member.phase, sinceMs: member.sinceMs, deadlineMs, next }];
    }
    if (state.upload?.from !== member.id) return [];
    const { sinceMs } = state.upload;
    const deadlineMs = sinceMs + deadlines.initialMs;
    const next = 'another worker is asked for the initial weights';
    return [{ on: member.name, phase: 'initial weights', sinceMs, deadlineMs, next }];
  });
}

function waitsOfPhase(state: RunState): readonly Wait[] {
  const { phase, phaseSinceMs: sinceMs } = state;
  if (phase === 'holding') {
    const next = 'it goes on with `paceline resume`';
    return [{ on: 'the operator', phase: 'hold', sinceMs, deadlineMs: undefined, next }];
  }
  if (isFirstCheckpointUnderWay(state)) {
    const { writing } = state.checkpoints;
    const deadlineMs = (writing?.sinceMs ?? sinceMs) + state.config.deadlines.checkpointMs;
    const next = 'training begins without it if it is not written by then';
    return [{ on: 'the disk', phase: 'checkpoint of version 0', sinceMs, deadlineMs, next }];
  }
  if (phase === 'over') return waitsOfEnd(state);
  if (phase === 'forming' || phase === 'initial') {
    const here = membersIn(state.members, 'ready', 'active').length;
    const next = `training begins with ${String(state.config.minWorkers)} workers, ${String(here)} are ready`;
    return [{ on: 'workers', phase: 'joining', sinceMs, deadlineMs: undefined, next }];
  }
  return waitsOfRound(state);
}

function waitsOfEnd({ checkpoints, config, isClosed }: RunState): readonly Wait[] {
  const { writing } = checkpoints;
  if (writing === undefined || isClosed) return [];
  const { sinceMs, version } = writing;
  const deadlineMs = sinceMs + config.deadlines.checkpointMs;
  const next = 'the run ends without it if it is not written by then';
  return [
    { on: 'the disk', phase: `checkpoint of step ${String(version)}`, sinceMs, deadlineMs, next },
  ];
}

function waitsOfRound(state: RunState): readonly Wait[] {
  const { round } = state;
  if (round === undefined) return [];
  const missing = missingInRound(round);
  const what = round.kind === 'step' ? 'step' : 'evaluation of version';
  const onWhom = round.assignments.filter((a) =>
    missing.some((range) => range.first < a.end && a.first < range.end),
  );
  if (onWhom.length === 0 && missing.length > 0) {
    const next = `${what} ${String(round.version)} goes on when one comes`;
    return [
      { on: 'workers', phase: 'none left', sinceMs: round.sinceMs, deadlineMs: undefined, next },
    ];
  }
  return onWhom.map((assignment) => {
    const member = state.members.get(assignment.worker);
    return {
      on: member?.name ?? 'nobody',
      phase: member?.phase ?? 'gone',
      sinceMs: round.sinceMs,
      deadlineMs: deadlineOf(member, state),
      next: `microbatches ${String(assignment.first)}..${String(assignment.end - 1)} of ${what} ${String(round.version)} are assigned again if it is overdue, leaves or falls silent`,
    };
  });
}

/** When a worker is given up: when it is silent for too long, or longer busy than it said. */
function deadlineOf(member: Member | undefined, { config }: RunState): number | undefined {
  if (member === undefined) return undefined;
  const { deadlines } = config;
  const silentAtMs = member.pulse.lastMs + patienceMs(member.pulse, deadlines);
  const stuckAtMs = (member.busyUntilMs ?? Infinity) + deadlines.stuckMs;
  return Math.min(silentAtMs, stuckAtMs);
}
