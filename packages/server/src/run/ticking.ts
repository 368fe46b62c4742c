import { finish } from './ending.ts';
import { receiveClosed } from './leaving.ts';
import type { Turn } from './turn.ts';
import { act, change, log } from './turn.ts';
import { describeWait, listWaits } from './waits.ts';

/** How long nothing may happen before the log says on whom the run waits, and how often it says so again. */
const waitNoticeMs = 10_000;
const stopPatienceMs = 1000;

/** Time passes: deadlines that are over are acted on, and long waits are named. */
export function tick(turn: Turn): void {
  dropOverdue(turn);
  const { stopping } = turn.state;
  if (stopping !== undefined && turn.nowMs - stopping.sinceMs > stopPatienceMs) {
    finish(turn, { status: 'interrupted', reason: stopping.reason });
  }
  nameWaits(turn);
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
    }
  }
  const { upload } = turn.state;
  if (upload !== undefined && turn.nowMs - turn.state.phaseSinceMs > deadlines.initialMs) {
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
