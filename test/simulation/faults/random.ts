import type { Random } from '@paceline/math';

/** Draws from one stream, in words that a schedule is written in. */
export interface Dice {
  readonly uniform: () => number;
  /** A whole number from `least` to `most`. */
  whole(least: number, most: number): number;
  /** Mostly small, now and then large: the exponent is uniform. Rounded to whole milliseconds, say. */
  spread(least: number, most: number): number;
  pick<const T>(choices: readonly T[]): T;
  chance(probability: number): boolean;
}

/** Dice over a stream of random numbers. */
export function createDice(random: Random): Dice {
  const { uniform } = random;
  const whole = (least: number, most: number): number =>
    least + Math.floor(uniform() * (most - least + 1));
  return {
    uniform,
    whole,
    spread: (least, most) => Math.round(least * (most / least) ** uniform()),
    pick: (choices) => {
      const chosen = choices[whole(0, choices.length - 1)];
      if (chosen === undefined) throw new RangeError('nothing to choose from');
      return chosen;
    },
    chance: (probability) => uniform() < probability,
  };
}
