import { emptyProgress, isSameNode } from '@paceline/math';
import { dealOut, findGaps } from '../leases/gaps.ts';
import { workersOf } from '../membership/members.ts';
import { strike } from './leaving.ts';
import { sendAssignment } from './presence.ts';
import type { Round, Suspect } from '../leases/round.ts';
import type { Turn } from './turn.ts';
import { act, change, log } from './turn.ts';

/**
 * A root is not finite. NaN and infinity may come from the job as well as from a bad machine: where nodes came in that
 * were not finite, the bucket is computed once more, by others than the senders if there are any. False when that was
 * done already, or no node is to blame (the sum itself overflowed): then it is the job's doing.
 */
export function computeOnceMore(turn: Turn, round: Round, bucket: number): boolean {
  const suspects = round.suspects.filter((suspect) => suspect.bucket === bucket);
  if (suspects.length === 0 || round.retried.has(bucket)) return false;
  const names = [...new Set(suspects.map(({ from }) => from))].join(', ');
  log(
    turn,
    'warn',
    `step ${String(round.version + 1)}: not finite, from ${names}; computed once more`,
  );
  const again: Round = {
    ...round,
    progress: round.progress.with(bucket, emptyProgress),
    assignments: [],
    suspects: round.suspects.filter((suspect) => suspect.bucket !== bucket),
    retried: new Map(round.retried).set(bucket, suspects),
  };
  const fresh = workersOf(turn.state.members).filter(({ name }) => !isSuspect(suspects, name));
  const workers = fresh.length > 0 ? fresh : workersOf(turn.state.members);
  const ids = workers.map((member) => member.id);
  const assignments = dealOut(findGaps(again), ids, turn.nowMs);
  change(turn, { round: { ...again, assignments } });
  act(turn, { kind: 'clear-bucket', bucket });
  for (const assignment of assignments) sendAssignment(turn, assignment);
  return true;
}

/** The second computation is finite: what was not came from a bad machine, and its worker gets a strike. */
export function acquit(turn: Turn, round: Round, bucket: number): void {
  const suspects = round.retried.get(bucket) ?? [];
  if (suspects.length === 0) return;
  const retried = new Map(round.retried).set(bucket, []);
  change(turn, { round: { ...round, retried } });
  const other = round.suspects.filter((each) => each.bucket === bucket);
  for (const name of new Set(suspects.map(({ from }) => from))) {
    const nodes = suspects.filter(({ from, node }) => from === name && !isAmong(other, node));
    if (nodes.length === 0) continue;
    strike(turn, name, `numbers of step ${String(round.version + 1)} that were not finite`);
  }
}

function isSuspect(suspects: readonly Suspect[], name: string): boolean {
  return suspects.some(({ from }) => from === name);
}

function isAmong(suspects: readonly Suspect[], node: Suspect['node']): boolean {
  return suspects.some((suspect) => isSameNode(suspect.node, node));
}
