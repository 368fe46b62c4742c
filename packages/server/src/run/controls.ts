import { membersIn } from '../membership/members.ts';
import { checkpointIfDue } from './checkpointing.ts';
import type { RunState } from './state.ts';
import type { Turn } from './turn.ts';
import { change, changeMember, emit, log, send } from './turn.ts';

/** `checkpoint`: the version is written when the open step is done; at once where there is none. */
export function save(turn: Turn): void {
  change(turn, { checkpoints: { ...turn.state.checkpoints, isWanted: true } });
  if (turn.state.phase === 'holding') checkpointIfDue(turn);
}

/** `scale`: who is one too many is asked to leave, the last to come first. New ones are started by whoever launches. */
export function scale(turn: Turn, workers: number): void {
  if (turn.state.phase === 'over') return;
  change(turn, { wantedWorkers: workers });
  emit(turn, { type: 'scale', workers });
  log(turn, 'info', `scaled to ${String(workers)} workers`);
  letSurplusGo(turn);
}

/** Asks those beyond the wanted number to leave; also one that came after the number was said. */
export function letSurplusGo(turn: Turn): void {
  const { wantedWorkers, members } = turn.state;
  if (wantedWorkers === undefined) return;
  const here = membersIn(members, 'preparing', 'ready', 'active').filter((each) => !each.isLeaving);
  for (const member of here.slice(wantedWorkers)) {
    changeMember(turn, member, { isLeaving: true });
    send(turn, member.id, { kind: 'stop', reason: `scaled to ${String(wantedWorkers)} workers` });
  }
}

/** Whether the operator can have a checkpoint now. */
export function canSave({ config, sealed, phase }: RunState): boolean {
  return config.keepsCheckpoints && sealed && phase !== 'over';
}
