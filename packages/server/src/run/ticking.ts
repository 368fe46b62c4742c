import type { Member } from '../membership/members.ts';
import { excuseSilence, patienceMs, recordSign } from '../membership/suspicion.ts';
import { checkWriting } from './checkpointing.ts';
import { finish, interrupted } from './ending.ts';
import { advance } from './joining.ts';
import { receiveClosed, suspect } from './leaving.ts';
import { coverStragglers } from './presence.ts';
import type { Turn } from './turn.ts';
import { act, change, log } from './turn.ts';
import { describeWait, listWaits } from './waits.ts';

/** How long nothing may happen before the log says on whom the run waits, and how often it says so again. */
const waitNoticeMs = 10_000;
const stopPatienceMs = 1000;
/** Ticks further apart than this say that this process was stopped or busy: silence in that time is its own doing. */
const absenceMs = 1000;
/** While processes start, the machine is busy with everything but heartbeats. */
const startingPatienceMs = 10_000;

/** Time passes: deadlines that are over are acted on, and long waits are named. */
export function tick(turn: Turn, signs: ReadonlyMap<number, number>): void {
  const wasAway = turn.nowMs - turn.state.tickedMs > absenceMs;
  change(turn, { tickedMs: turn.nowMs });
  watchPulses(turn, { signs, wasAway });
  dropOverdue(turn);
  coverStragglers(turn);
  checkWriting(turn);
  advance(turn);
  const { stopping } = turn.state;
  if (stopping !== undefined && turn.nowMs - stopping.sinceMs > stopPatienceMs) {
    finish(turn, interrupted(stopping));
  }
  nameWaits(turn);
}

function watchPulses(
  turn: Turn,
  o: { readonly signs: ReadonlyMap<number, number>; readonly wasAway: boolean },
): void {
  recordPulses(turn, o);
  for (const member of turn.state.members.values()) {
    const silentMs = turn.nowMs - member.pulse.lastMs;
    if (silentMs <= patienceWith(turn, member)) continue;
    suspect(turn, member.id, `no sign of life for ${(silentMs / 1000).toFixed(1)} s`);
  }
}

/** All at once: one change for each member would copy all members for each of them. */
function recordPulses(
  turn: Turn,
  { signs, wasAway }: { readonly signs: ReadonlyMap<number, number>; readonly wasAway: boolean },
): void {
  const members = [...turn.state.members].map(([id, member]): [number, Member] => {
    const heard = recordSign(member.pulse, signs.get(id) ?? 0);
    const pulse = wasAway ? excuseSilence(heard, turn.nowMs) : heard;
    return [id, pulse === member.pulse ? member : { ...member, pulse }];
  });
  change(turn, { members: new Map(members) });
}

function patienceWith(turn: Turn, { stage, pulse }: Member): number {
  const { deadlines } = turn.state.config;
  const adaptive = patienceMs(pulse, deadlines);
  const isStarting = stage === 'preparing';
  return isStarting
    ? Math.min(Math.max(adaptive, startingPatienceMs), deadlines.silenceMs)
    : adaptive;
}

function dropOverdue(turn: Turn): void {
  const { deadlines } = turn.state.config;
  for (const [connection, sinceMs] of turn.state.strangers) {
    if (turn.nowMs - sinceMs > deadlines.helloMs) {
      expel(turn, connection, `said no hello within ${String(deadlines.helloMs)} ms`);
    }
  }
  for (const member of turn.state.members.values()) {
    if (member.stage === 'preparing' && turn.nowMs - member.sinceMs > deadlines.prepareMs) {
      expel(turn, member.id, `its model was not ready within ${String(deadlines.prepareMs)} ms`);
    } else if (turn.nowMs - (member.busyUntilMs ?? turn.nowMs) > deadlines.stuckMs) {
      const seconds = String(deadlines.stuckMs / 1000);
      suspect(turn, member.id, `stuck: busy ${seconds} s longer than it said`);
    }
  }
  const { upload } = turn.state;
  if (upload !== undefined && turn.nowMs - upload.sinceMs > deadlines.initialMs) {
    expel(
      turn,
      upload.from,
      `did not upload the initial weights within ${String(deadlines.initialMs)} ms`,
    );
  }
}

function expel(turn: Turn, connection: number, reason: string): void {
  act(turn, { kind: 'close', to: connection, because: 'silent', reason });
  receiveClosed(turn, connection, reason);
}

function nameWaits(turn: Turn): void {
  if (turn.state.phase === 'over') return;
  const overdue = listWaits(turn.state).filter(
    (wait) => turn.nowMs - Math.max(wait.sinceMs, turn.state.waitNoticeMs) >= waitNoticeMs,
  );
  if (overdue.length === 0) return;
  change(turn, { waitNoticeMs: turn.nowMs });
  for (const wait of overdue) log(turn, 'info', describeWait(wait, turn.nowMs));
}
