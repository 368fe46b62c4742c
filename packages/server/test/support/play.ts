import type { TreeNode } from '@paceline/math';
import type { RunEffect } from '../../src/run/effects.ts';
import type { RunInput } from '../../src/run/inputs.ts';
import { syncPolicy } from '../../src/policy/sync.ts';
import type { RunConfig, RunState } from '../../src/run/state.ts';
import { initialRunState } from '../../src/run/state.ts';
import { transition } from '../../src/run/transition.ts';
import { toyJob, toyLayoutMessage } from './toy-run.ts';

const { settings } = toyJob();
const deadlines = {
  helloMs: 1000,
  prepareMs: 5000,
  initialMs: 2000,
  silenceMs: 9000,
  heartbeatMs: 500,
  stuckMs: 20_000,
  checkpointMs: 3000,
};
/** Decisions never look at bytes. */
const nothing = new Uint8Array(0);

/** A tick that heard these connections at these times. */
export const tick = (...signs: readonly (readonly [number, number])[]): RunInput => ({
  kind: 'tick',
  signs: new Map(signs),
});

/** A run in which nothing has happened. */
export function begin(minWorkers: number, more: Partial<RunConfig> = {}): RunState {
  const config = {
    settings,
    policy: syncPolicy,
    minWorkers,
    maxWorkers: Infinity,
    holdAt: [],
    everySteps: 1,
    term: 1,
    keepsCheckpoints: false,
    doneBefore: 0,
    ownSchedule: undefined,
    isWholeVector: false,
    deadlines,
    ...more,
  };
  return initialRunState(config, 0);
}

/** Applies inputs one after the other, answering what the executor would answer. */
export function play(
  state: RunState,
  inputs: readonly RunInput[],
  nowMs = 0,
): { state: RunState; effects: RunEffect[] } {
  const effects: RunEffect[] = [];
  const queue = [...inputs];
  for (let input = queue.shift(); input !== undefined; input = queue.shift()) {
    const decision = transition(state, input, nowMs);
    state = decision.state;
    for (const effect of decision.effects) {
      effects.push(effect);
      if (effect.kind === 'check-root') {
        const scalars = effect.bucket === 0 ? { scalars: new Float32Array([8, 1]) } : {};
        queue.unshift({ kind: 'root', bucket: effect.bucket, finite: true, ...scalars });
      } else if (effect.kind === 'prepare') {
        queue.unshift({ kind: 'prepared', gradientNorm: undefined });
      } else if (effect.kind === 'seal-initial') {
        queue.push({ kind: 'initialized', digest: toyLayoutMessage(settings).initialDigest });
      }
    }
  }
  return { state, effects };
}

/** A worker named w<connection> comes, up to its layout. */
export function arrive(connection: number): readonly RunInput[] {
  const hello = {
    kind: 'hello',
    protocol: 1,
    name: `w${String(connection)}`,
    pid: 1,
    host: '',
  } as const;
  return [
    { kind: 'connected', connection },
    { kind: 'hello', connection, hello, freshSession: `s${String(connection)}` },
    { kind: 'layout', connection, layout: { kind: 'layout', ...toyLayoutMessage(settings) } },
  ];
}

/** The initial weights, from whoever was asked for them. */
function uploads(state: RunState): readonly RunInput[] {
  const connection = state.upload?.from ?? 0;
  return (state.shape?.parameterBuckets ?? []).map((bucket) => ({
    kind: 'initial',
    connection,
    bucket,
    payload: nothing,
  }));
}

/** A run in its first step, with these workers. */
export function training(workers: readonly number[], more: Partial<RunConfig> = {}): RunState {
  const arrived = play(begin(workers.length, more), workers.flatMap(arrive)).state;
  return play(arrived, uploads(arrived)).state;
}

/** All nodes that a worker owes to the open round. */
export function nodesOf(state: RunState, connection: number): readonly RunInput[] {
  const { round } = state;
  if (round === undefined) return [];
  return round.assignments
    .filter((assignment) => assignment.worker === connection)
    .flatMap(({ first, end }) => round.tree.cover(first, end))
    .flatMap((node: TreeNode) =>
      round.progress.map((_, bucket): RunInput => {
        const { version } = round;
        return {
          kind: 'node',
          connection,
          round: 'step',
          term: 1,
          version,
          node,
          bucket,
          payload: nothing,
        };
      }),
    );
}
