import { createRandom } from '@paceline/math';
import type { ComputeTimes } from '../roles/compute.ts';
import type { ToyVariant } from '../toy/model.ts';
import type { LaneQuality } from '../world/link.ts';
import type { Fault, Mischief, Moment } from './fault.ts';
import { drawMischief } from './mischief.ts';
import type { Dice } from './random.ts';
import { createDice } from './random.ts';

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

/** Draws a schedule. Pure. */
export function drawSchedule(seed: number, number: number): Schedule {
  const world = drawWorld(createDice(createRandom(worldPurpose, seed, number)));
  const dice = createDice(createRandom(faultsPurpose, seed, number));
  const faults = Array.from({ length: dice.whole(1, 8) }, () => drawFault(dice, world));
  return { seed, number, world, faults: withOneNonsense(faults) };
}

/**
 * Nonsense that comes twice for the same microbatch is taken for the job's own doing, and ends the run: so it comes once,
 * and no frame that may carry it comes again.
 */
function withOneNonsense(faults: readonly Fault[]): readonly Fault[] {
  const first = faults.find(({ kind }) => kind === 'nonsense');
  if (first === undefined) return faults;
  return faults.filter(
    (fault) => fault === first || !['nonsense', 'duplicate'].includes(fault.kind),
  );
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
      laterBatch: dice.chance(0.5) ? dice.whole(3, 9) : 0,
      averages: dice.chance(0.5),
      watches: dice.chance(0.5),
    },
    machines: Array.from({ length: count }, (_, i) => ({
      name: `w${String(i + 1)}`,
      prepareMs: dice.spread(20, 500),
      leafMs: dice.spread(4, 60),
    })),
    minWorkers: dice.chance(0.5) ? 1 : dice.whole(1, count),
    quality: { latencyMs: dice.spread(1, 20), jitterMs: dice.whole(0, 5), bytesPerMs: 1000 },
    writeMs: dice.spread(1, 300),
  };
}

function drawFault(dice: Dice, world: WorldPlan): Fault {
  const { machines, minWorkers, variant } = world;
  const { name: machine } = dice.pick(machines);
  // The first machine always comes back; it alone must be enough.
  const isSpare = minWorkers === 1 && machine !== machines[0]?.name;
  const mischief = drawMischief(dice, { machine, isSpare });
  return { at: drawMoment(dice, variant, { mischief, machine }), ...mischief };
}

function drawMoment(
  dice: Dice,
  { steps }: ToyVariant,
  { mischief, machine }: { readonly mischief: Mischief; readonly machine: string },
): Moment {
  const on = dice.pick(momentsOf(mischief));
  if (on === 'time') return { on, ms: dice.whole(0, usualRunMs) };
  const delayMs = dice.chance(0.5) ? 0 : dice.whole(1, 30);
  if (on === 'leaf' || on === 'node') {
    const version = dice.whole(0, steps - 1);
    return { on, machine, version, nth: dice.whole(0, on === 'leaf' ? 1 : 6), delayMs };
  }
  const version = dice.whole(1, steps);
  if (on === 'parameters') return { on, machine, version, nth: dice.whole(0, 6), delayMs };
  return { on, machine: 'server', version: dice.chance(0.4) ? steps : version, nth: 0, delayMs };
}

/** What can set a mischief off: what happens where it strikes. A node comes again only where one has been. */
function momentsOf(mischief: Mischief): readonly Moment['on'][] {
  if (mischief.kind === 'duplicate') return ['node'];
  const isOfServer =
    ['server-crash', 'disk', 'operator'].includes(mischief.kind) ||
    ('machine' in mischief && mischief.machine === 'server');
  return isOfServer
    ? ['time', 'node', 'step', 'evaluation', 'evaluation', 'checkpoint']
    : ['time', 'leaf', 'node', 'parameters'];
}
