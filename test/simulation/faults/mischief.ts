import { damageKinds, plausibleKinds } from './damage.ts';
import type { Fault, Mischief } from './fault.ts';
import { forEverMs } from './fault.ts';
import type { Dice } from './random.ts';
import { strangerKinds } from './stranger.ts';

/** What a fault is drawn for. */
export interface Target {
  readonly machine: string;
  /** The run must be able to do without the machine: what happens to it may be for good. */
  readonly isSpare: boolean;
}

type Draw = (dice: Dice, target: Target) => Mischief;

/** All kinds of faults. */
export const faultKinds: readonly Fault['kind'][] = [
  ...(['crash', 'break-down', 'nonsense', 'drain', 'pause', 'slow'] as const),
  ...(['cut', 'partition', 'delay', 'throttle', 'linger'] as const),
  ...(['duplicate', 'malformed', 'stranger', 'twin', 'join'] as const),
  ...(['clock-jump', 'server-crash', 'disk', 'operator'] as const),
];

/** Draws what is to happen. Pure but for the dice. */
export function drawMischief(dice: Dice, target: Target): Mischief {
  return draws[dice.pick(faultKinds)](dice, target);
}

const draws: Readonly<Record<Fault['kind'], Draw>> = {
  crash(dice, { machine, isSpare }) {
    const isForGood = isSpare && dice.chance(0.3);
    return { kind: 'crash', machine, restartMs: isForGood ? forEverMs : dice.spread(1, 8000) };
  },
  'break-down': (_, { machine }) => ({ kind: 'break-down', machine }),
  nonsense: (_, { machine }) => ({ kind: 'nonsense', machine }),
  drain: (dice, { machine }) => ({ kind: 'drain', machine, restartMs: dice.spread(1, 8000) }),
  pause(dice, target) {
    const { machine } = target;
    if (!dice.chance(0.2)) return { kind: 'pause', machine, forMs: drawMs(dice, target) };
    return { kind: 'pause', machine: 'server', forMs: drawMs(dice, { machine, isSpare: false }) };
  },
  slow: (dice, { machine }) => {
    return { kind: 'slow', machine, factor: dice.spread(2, 200), forMs: dice.spread(50, 20_000) };
  },
  cut: (_, { machine }) => ({ kind: 'cut', machine }),
  partition(dice, target) {
    const way = dice.pick(['up', 'down', 'both']);
    return { kind: 'partition', machine: target.machine, way, forMs: drawMs(dice, target) };
  },
  delay: (dice, { machine }) => {
    return { kind: 'delay', machine, addMs: dice.spread(10, 5000), forMs: dice.spread(50, 10_000) };
  },
  throttle(dice, { machine }) {
    const forMs = dice.spread(50, 10_000);
    return { kind: 'throttle', machine, bytesPerMs: dice.whole(1, 50) / 10, forMs };
  },
  linger: (dice, { machine }) => ({ kind: 'linger', machine, forMs: dice.spread(20, 5000) }),
  duplicate: (dice, { machine }) => {
    return { kind: 'duplicate', machine, afterMs: dice.whole(0, 400), copies: dice.whole(1, 3) };
  },
  malformed: (dice, { machine }) => {
    const damage = dice.chance(0.5) ? dice.pick(plausibleKinds) : dice.pick(damageKinds);
    return { kind: 'malformed', machine, damage };
  },
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
  operator(dice) {
    const does = dice.pick(['pause', 'checkpoint']);
    return { kind: 'operator', does, forMs: dice.spread(10, 5000) };
  },
};

/** Short, or long enough for deadlines to pass, or for good. */
function drawMs(dice: Dice, { isSpare }: Target): number {
  if (isSpare && dice.chance(0.3)) return forEverMs;
  return dice.chance(0.6) ? dice.spread(5, 3000) : dice.whole(20_000, 70_000);
}
