import { createRandom } from '@paceline/math';
import type { ComputeTimes } from '../roles/compute.ts';
import type { ToyVariant } from '../toy/model.ts';
import type { LaneQuality } from '../world/link.ts';
import { damageKinds } from './damage.ts';
import type { Fault, Mischief, Moment } from './fault.ts';
import { forEverMs } from './fault.ts';
import type { Dice } from './random.ts';
import { createDice } from './random.ts';
import { strangerKinds } from './stranger.ts';

/** A world before anything goes wrong. */
export interface WorldPlan {
  readonly variant: ToyVariant;
  /** Machines that have a worker from the beginning, with their speeds. */
  readonly machines: readonly (ComputeTimes & { readonly name: string })[];
  readonly minWorkers: number;
  readonly quality: LaneQuality;
  /** How long a checkpoint takes to write. */
  readonly writeMs: number;
}

/** Everything that one run of the simulator depends on. The same (seed, number) gives the same schedule. */
export interface Schedule {
  readonly seed: number;
  readonly number: number;
  readonly world: WorldPlan;
  readonly faults: readonly Fault[];
}

/** Splits the streams of the simulator from each other. */
const worldPurpose = 1;
const faultsPurpose = 2;
/** Of an undisturbed run, roughly. */
const usualRunMs = 1500;

const moments = ['time', 'leaf', 'node', 'parameters'] as const;

/** Draws a schedule. Pure. */
export function drawSchedule(seed: number, number: number): Schedule {
  const world = drawWorld(createDice(createRandom(worldPurpose, seed, number)));
  const dice = createDice(createRandom(faultsPurpose, seed, number));
  const count = dice.whole(1, 8);
  const faults = Array.from({ length: count }, () => drawFault(dice, world));
  return { seed, number, world, faults };
}

function drawWorld(dice: Dice): WorldPlan {
  const batchSize = dice.whole(5, 8);
  const count = dice.whole(1, 4);
  return {
    variant: {
      batchSize,
      microbatches: dice.whole(1, batchSize),
      steps: dice.whole(3, 8),
      bucketBytes: dice.pick([32, 48, 96]),
      everyEpochs: dice.whole(1, 3),
      checkpointSteps: dice.whole(1, 4),
    },
    machines: Array.from({ length: count }, (_, i) => ({
      name: `w${String(i + 1)}`,
      prepareMs: dice.spread(20, 500),
      leafMs: dice.spread(4, 60),
    })),
    minWorkers: dice.whole(1, count),
    quality: { latencyMs: dice.spread(1, 20), jitterMs: dice.whole(0, 5), bytesPerMs: 1000 },
    writeMs: dice.spread(1, 300),
  };
}

function drawFault(dice: Dice, world: WorldPlan): Fault {
  const mischief = drawMischief(dice, world);
  const machine =
    'machine' in mischief && mischief.kind !== 'join' && mischief.machine !== 'server'
      ? mischief.machine
      : dice.pick(world.machines).name;
  return { at: drawMoment(dice, world, { kind: mischief.kind, machine }), ...mischief };
}

function drawMoment(
  dice: Dice,
  { variant }: WorldPlan,
  { kind, machine }: { readonly kind: Fault['kind']; readonly machine: string },
): Moment {
  // A node comes again only where one has been.
  const on = kind === 'duplicate' ? 'node' : dice.pick(moments);
  if (on === 'time') return { on, ms: dice.whole(0, usualRunMs) };
  const version = dice.whole(0, variant.steps - 1) + (on === 'parameters' ? 1 : 0);
  return { on, machine, version, nth: dice.whole(0, on === 'leaf' ? 1 : 6) };
}

/** What a fault is drawn for. */
interface Target {
  readonly machine: string;
  /** The run must be able to do without the machine. */
  readonly isSpare: boolean;
}

type Draw = (dice: Dice, target: Target) => Mischief;

/** Short, or long enough for deadlines to pass, or for good. */
function drawMs(dice: Dice, { isSpare }: Target): number {
  if (isSpare && dice.chance(0.3)) return forEverMs;
  return dice.chance(0.6) ? dice.spread(5, 3000) : dice.whole(20_000, 70_000);
}

const draws: Readonly<Record<Fault['kind'], Draw>> = {
  crash: (dice, { machine }) => ({ kind: 'crash', machine, restartMs: dice.spread(1, 8000) }),
  'break-down': (_, { machine }) => ({ kind: 'break-down', machine }),
  drain: (dice, { machine }) => ({ kind: 'drain', machine, restartMs: dice.spread(1, 8000) }),
  pause: (dice, target) => {
    if (!dice.chance(0.2)) return { kind: 'pause', machine: target.machine, forMs: drawMs(dice, target) };
    return { kind: 'pause', machine: 'server', forMs: drawMs(dice, { ...target, isSpare: false }) };
  },
  slow: (dice, { machine }) => {
    return { kind: 'slow', machine, factor: dice.spread(2, 200), forMs: dice.spread(50, 20_000) };
  },
  cut: (_, { machine }) => ({ kind: 'cut', machine }),
  partition: (dice, target) => {
    const { machine } = target;
    const way = dice.pick(['up', 'down', 'both']);
    return { kind: 'partition', machine, way, forMs: drawMs(dice, target) };
  },
  delay: (dice, { machine }) => {
    return { kind: 'delay', machine, addMs: dice.spread(10, 5000), forMs: dice.spread(50, 10_000) };
  },
  throttle: (dice, { machine }) => {
    return { kind: 'throttle', machine, bytesPerMs: 0.1 * dice.whole(1, 50), forMs: dice.spread(50, 10_000) };
  },
  linger: (dice, { machine }) => ({ kind: 'linger', machine, forMs: dice.spread(20, 5000) }),
  duplicate: (dice, { machine }) => {
    return { kind: 'duplicate', machine, afterMs: dice.whole(0, 400), copies: dice.whole(1, 3) };
  },
  malformed: (dice, { machine }) => ({ kind: 'malformed', machine, damage: dice.pick(damageKinds) }),
  stranger: (dice) => ({ kind: 'stranger', says: dice.pick(strangerKinds) }),
  twin: (_, { machine }) => ({ kind: 'twin', machine }),
  join: (dice) => ({ kind: 'join', machine: `j${String(dice.whole(1, 3))}` }),
  'clock-jump': (dice, { machine }) => {
    return { kind: 'clock-jump', machine, ms: dice.whole(-86_400_000, 86_400_000) };
  },
  'server-crash': (dice) => ({ kind: 'server-crash', restartMs: dice.spread(1, 8000) }),
  disk: (dice) => {
    return { kind: 'disk', how: dice.pick(['full', 'torn', 'damaged']), writes: dice.whole(1, 3) };
  },
  operator: (dice) => {
    const does = dice.pick(['pause', 'checkpoint']);
    return { kind: 'operator', does, forMs: dice.spread(10, 5000) };
  },
};

/** All kinds of faults. */
export const faultKinds = Object.keys(draws) as readonly Fault['kind'][];

function drawMischief(dice: Dice, { machines, minWorkers }: WorldPlan): Mischief {
  const { name: machine } = dice.pick(machines);
  // The first machine always comes back; it alone must be enough.
  const isSpare = minWorkers === 1 && machine !== machines[0]?.name;
  return draws[dice.pick(faultKinds)](dice, { machine, isSpare });
}
