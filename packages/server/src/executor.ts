import type { TreeNode } from '@paceline/math';
import type { ControlMessage } from '@paceline/protocol';
import type { Clock, Timeline } from '@paceline/telemetry';
import type { CheckpointSections } from './checkpoint/storage.ts';
import type { Goodput, TimeCategory } from './report/goodput.ts';
import type { Peers } from './connections/peers.ts';
import type { ParametersSender } from './connections/send-parameters.ts';
import { createParametersSender } from './connections/send-parameters.ts';
import { sendAverages, sendSnapshot } from './connections/send-versions.ts';
import type { RunEffect } from './run/effects.ts';
import { isFirstCheckpointUnderWay } from './run/checkpointing.ts';
import type { RunInput } from './run/inputs.ts';
import { isUntouched } from './leases/round.ts';
import type { RunState } from './run/state.ts';
import { transition } from './run/transition.ts';
import { scalarsBucket } from './policy/sync.ts';
import type { ParameterStore } from './store/parameter-store.ts';
import { allocateStore } from './store/allocate-store.ts';

/** What may wait in a worker's socket before it counts as behind: so many whole vectors, and a little more. */
const backlogVectors = 3;
const leastBacklogBytes = 16 * 2 ** 20;

/** What the executor cannot do itself: it is handed in by the server. */
export interface Surroundings {
  readonly clock: Clock;
  readonly timeline: Timeline;
  readonly peers: Peers;
  readonly goodput: Goodput;
  /** The welcome for a worker. */
  readonly welcome: (session: string, name: string, version: number) => ControlMessage;
  readonly report: (
    effect: ReportEffect,
    state: RunState,
    store: ParameterStore | undefined,
  ) => void;
  /** Copies the whole state and writes it in the background; the outcome comes back as an input. */
  readonly checkpoint: (store: ParameterStore, o: CheckpointOrder) => void;
}

/** A version to be written. */
export interface CheckpointOrder {
  readonly version: number;
  readonly state: RunState;
  readonly sections: CheckpointSections;
}

/** Effects that leave the process by another door than the sockets. */
export type ReportEffect = Extract<RunEffect, { kind: 'emit' | 'log' | 'begin' | 'end' }>;

/** The one place that acts: inputs go in, decisions are made by `transition`, their effects are done here, in order. */
export interface Executor {
  /** Takes an input; whatever follows from it is done when this returns. */
  dispatch(input: RunInput): void;
  readonly state: RunState;
  readonly counters: Readonly<Record<string, number>>;
  /** Room for a frame that is read next, beside the sums; undefined before there are any. */
  landing(bytes: number, head: Uint8Array): Uint8Array | undefined;
  /** Bytes that are to leave for a connection and have not; 0 for one that is gone. */
  backlogBytes(id: number): number;
}

/** All numbers, and what sends them. */
interface Numbers {
  readonly store: ParameterStore;
  readonly sender: ParametersSender;
}

/** Builds the executor around an initial state, and the numbers that belong to it if it was restored. */
export function createExecutor(
  initial: RunState,
  surroundings: Surroundings,
  restored?: ParameterStore,
): Executor {
  const counters: Record<string, number> = { duplicate: 0, late: 0, violation: 0, nodes: 0 };
  const queue: RunInput[] = [];
  let state = initial;
  let numbers = restored && open(restored, surroundings);
  let isBusy = false;
  const backlogBytes = (id: number): number =>
    surroundings.peers.backlogBytes(id) + (numbers?.sender.waitingBytes(id) ?? 0);
  const perform = timed(surroundings.timeline, (effect) => {
    if (effect.kind === 'count') {
      counters[effect.what] = (counters[effect.what] ?? 0) + 1;
    } else if (effect.kind === 'allocate') {
      numbers = open(allocateStore(state.config.settings, effect.shape), surroundings);
    } else if (isReportEffect(effect)) {
      surroundings.report(effect, state, numbers?.store);
    } else if (isSocketEffect(effect)) {
      performOnSockets(effect, { surroundings, state, sender: numbers?.sender });
    } else if (numbers === undefined) {
      return;
    } else if (effect.kind === 'checkpoint') {
      surroundings.checkpoint(numbers.store, { ...effect, state });
    } else if (effect.kind === 'publish') {
      publish(effect, { ...numbers, backlogBytes, queue });
    } else {
      performOnStore(effect, { ...numbers, queue, counters });
    }
  });

  const dispatch = (input: RunInput): void => {
    queue.push(input);
    if (isBusy) return;
    isBusy = true;
    const doing = state.version < state.config.doneBefore ? 'recomputed' : 'exchange';
    surroundings.goodput.enter(doing, surroundings.clock.now());
    try {
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
        const decision = transition(state, next, surroundings.clock.now());
        state = decision.state;
        decision.effects.forEach(perform);
      }
    } finally {
      isBusy = false;
      surroundings.goodput.enter(categoryOf(state), surroundings.clock.now());
    }
  };

  return {
    dispatch,
    counters,
    landing: (bytes, head) => numbers?.store.landing(bytes, head),
    backlogBytes,
    get state() {
      return state;
    },
  };
}

function open(store: ParameterStore, { peers }: Surroundings): Numbers {
  return { store, sender: createParametersSender(store, peers) };
}

const socketEffects = ['welcome', 'send', 'close', 'snapshot', 'averages'] as const;
const timedEffects: readonly string[] = ['sum', 'check-root', 'prepare', 'update', 'publish'];

/** Keeps in the timeline what takes time. */
function timed(timeline: Timeline, act: (effect: RunEffect) => void): (effect: RunEffect) => void {
  return (effect) => {
    const since = timeline.now();
    act(effect);
    if (timedEffects.includes(effect.kind)) timeline.span(effect.kind, since);
  };
}

type SocketEffect = Extract<RunEffect, { kind: (typeof socketEffects)[number] }>;
type StoreEffect = Extract<
  RunEffect,
  {
    kind:
      | 'store-initial'
      | 'seal-initial'
      | 'sum'
      | 'check-root'
      | 'prepare'
      | 'update'
      | 'keep-best'
      | 'clear-bucket'
      | 'clear-round';
  }
>;

function isReportEffect(effect: RunEffect): effect is ReportEffect {
  return ['emit', 'log', 'begin', 'end'].includes(effect.kind);
}

function isSocketEffect(effect: RunEffect): effect is SocketEffect {
  return (socketEffects as readonly string[]).includes(effect.kind);
}

function performOnSockets(
  effect: SocketEffect,
  o: {
    readonly surroundings: Surroundings;
    readonly state: RunState;
    readonly sender: ParametersSender | undefined;
  },
): void {
  const { peers, welcome } = o.surroundings;
  switch (effect.kind) {
    case 'welcome':
      peers.send(effect.to, welcome(effect.session, effect.name, o.state.version));
      return;
    case 'send':
      peers.send(effect.to, effect.message);
      return;
    case 'close':
      peers.close(effect.to, effect.because, effect.reason);
      return;
    case 'snapshot':
      if (o.sender !== undefined) sendSnapshot(effect, o.state, o.sender);
      return;
    case 'averages':
      if (o.sender !== undefined) sendAverages(effect, o.state, o.sender);
  }
}

function performOnStore(
  effect: StoreEffect,
  o: Numbers & {
    readonly queue: RunInput[];
    readonly counters: Record<string, number>;
  },
): void {
  const { store, queue } = o;
  switch (effect.kind) {
    case 'store-initial':
      store.writeInitial(effect.bucket, effect.payload);
      return;
    case 'seal-initial': {
      const digest = store.digest(['trainable', 'state', 'frozen'], 0);
      queue.push({ kind: 'initialized', digest });
      return;
    }
    case 'sum':
      o.counters['nodes'] = (o.counters['nodes'] ?? 0) + 1;
      if (store.take(effect.bucket, effect.node, effect.payload, effect)) return;
      queue.unshift({
        kind: 'suspect',
        connection: effect.from,
        bucket: effect.bucket,
        node: effect.node,
      });
      return;
    case 'check-root':
      // Behind the verdict on the node that completed it.
      queue.splice(
        queue[0]?.kind === 'suspect' ? 1 : 0,
        0,
        inspectRoot(store, effect.bucket, effect.root),
      );
      return;
    case 'prepare':
      queue.unshift({ kind: 'prepared', gradientNorm: store.prepare(effect) });
      return;
    case 'update':
      o.sender.keep(effect);
      store.update(effect);
      return;
    case 'keep-best':
      store.keepBest(effect.version);
      return;
    case 'clear-bucket':
      store.clearSums(effect.bucket);
      return;
    case 'clear-round':
      store.clearSums();
  }
}

function inspectRoot(store: ParameterStore, bucket: number, root: TreeNode): RunInput {
  const finite = store.isFinite(bucket, root);
  if (bucket !== scalarsBucket) return { kind: 'root', bucket, finite };
  return { kind: 'root', bucket, finite, scalars: store.readSum(bucket, root) };
}

/** Sends a bucket to everybody who keeps up; of the others it is told that they do not. */
function publish(
  effect: Extract<RunEffect, { kind: 'publish' }>,
  o: Numbers & Pick<Executor, 'backlogBytes'> & { readonly queue: RunInput[] },
): void {
  const { store, sender, queue } = o;
  sender.send('parameters', effect);
  const mostBytes = leastBacklogBytes + backlogVectors * store.layout.length * 4;
  for (const to of effect.to) {
    if (o.backlogBytes(to) <= mostBytes) continue;
    queue.push({ kind: 'backlog', connection: to, isBehind: true });
  }
}

function categoryOf(state: RunState): TimeCategory {
  if (state.phase === 'evaluating') return 'evaluation';
  if (state.phase === 'over' || isFirstCheckpointUnderWay(state)) return 'checkpoint';
  if (state.phase === 'training' && state.version < state.config.doneBefore) return 'recomputed';
  if (state.phase !== 'training' || state.round === undefined) return 'other';
  return isUntouched(state.round) ? 'compute' : 'wait';
}
