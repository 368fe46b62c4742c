import { readFile } from 'node:fs/promises';

import { describe, expect, it } from 'vitest';

import { freshPlateau, observePlateau } from '../../src/schedule/plateau.ts';
import type { PlateauSettings } from '../../src/schedule/plateau.ts';
import { createSchedule } from '../../src/schedule/registry.ts';
import type { ScheduleSettings } from '../../src/schedule/registry.ts';

const usual = { warmupSteps: 0, warmup: 'linear', warmupFrom: 0 } as const;

/** The defaults of each, as `protocol` has them. */
const defaults: Readonly<Record<string, object>> = {
  exponential: { staircase: false },
  polynomial: { power: 1, end: 0 },
  cosine: { end: 0 },
  'one-cycle': { up: 0.3, divideBy: 25, finalDivideBy: 10_000 },
};

function settingsOf(part: { readonly type: string }): ScheduleSettings {
  const { restarts, ...rest } = part as { type: string; restarts?: object };
  const whole = restarts && { restarts: { lengthFactor: 1, heightFactor: 1, ...restarts } };
  return { ...usual, ...defaults[part.type], ...rest, ...whole } as ScheduleSettings;
}

const oracle = JSON.parse(await readFile(new URL('./oracle.json', import.meta.url), 'utf8')) as {
  readonly totalSteps: number;
  readonly cases: readonly {
    readonly source: string;
    readonly settings: { readonly type: string };
    readonly factors: readonly number[];
  }[];
  readonly plateaus: readonly {
    readonly settings: Partial<PlateauSettings>;
    readonly values: readonly number[];
    readonly factors: readonly number[];
  }[];
};

describe('each schedule', () => {
  const named = oracle.cases.map((each) => ({
    ...each,
    title: `${each.source} ${JSON.stringify(each.settings)}`,
  }));
  it.each(named)('has the factors of $title', ({ settings, factors, source }) => {
    const schedule = createSchedule(settingsOf(settings), oracle.totalSteps);
    // Keras computes in single precision.
    const digits = source === 'torch' ? 12 : 6;
    expect(factors).toHaveLength(oracle.totalSteps);
    factors.forEach((factor, step) => {
      expect(schedule(step), `step ${String(step)}`).toBeCloseTo(factor, digits);
    });
  });

  it('falls with the inverse root of the step behind its plateau', () => {
    const settings = settingsOf({ type: 'inverse-square-root', scaleSteps: 100 } as never);
    const schedule = createSchedule(settings, Infinity);
    expect([0, 100, 400, 10_000].map(schedule)).toEqual([1, 1, 0.5, 0.1]);
  });

  it('warms up to where it begins, and counts from there on', () => {
    const settings = settingsOf({ type: 'one-cycle', warmupSteps: 4, lengthSteps: 10 } as never);
    const schedule = createSchedule(settings, 100);
    expect([0, 1, 2, 4].map(schedule)).toEqual([0, 0.01, 0.02, 0.04]);
  });

  it('has the factor of the end beyond it', () => {
    const end = (type: string): number => createSchedule(settingsOf({ type }), 10)(1000);
    expect(end('polynomial')).toBe(0);
    expect(end('cosine')).toBe(0);
    expect(end('one-cycle')).toBeCloseTo(1 / 250_000, 15);
  });

  it('that takes as long as the run needs a run with an end, and something behind the warm-up', () => {
    const create = (totalSteps: number): unknown =>
      createSchedule(settingsOf({ type: 'cosine', warmupSteps: 5 } as never), totalSteps);
    expect(() => create(Infinity)).toThrow(
      'schedule: "cosine" takes as long as the run, but the run has no end: give it lengthSteps',
    );
    expect(() => create(5)).toThrow('its 5 steps are all warm-up');
    expect(() => create(6)).not.toThrow();
  });
});

describe('reduce-on-plateau', () => {
  const named = oracle.plateaus.map((each) => ({ ...each, title: JSON.stringify(each.settings) }));
  const whole = { type: 'reduce-on-plateau', metric: 'loss', minChange: 1e-4 } as const;

  it.each(named)('falls when Keras falls with $title', ({ settings, values, factors }) => {
    const all = { ...usual, ...whole, cooldown: 0, end: 0, ...settings } as PlateauSettings;
    let plateau = freshPlateau;
    const found = values.map((value) => (plateau = observePlateau(plateau, value, all)).factor);
    // Keras keeps the rate in single precision.
    found.forEach((factor, i) => {
      expect(factor / (factors[i] ?? NaN), `observation ${String(i)}`).toBeCloseTo(1, 6);
    });
  });

  it('never takes what is not a number for better', () => {
    const all: PlateauSettings = {
      ...{ ...usual, ...whole, mode: 'min', patience: 1, factor: 0.5, cooldown: 0, end: 0 },
    };
    const first = observePlateau(freshPlateau, NaN, all);
    expect(first).toMatchObject({ best: undefined, factor: 0.5 });
    expect(observePlateau(first, 3, all)).toMatchObject({ best: 3, factor: 0.5 });
  });

  it('leaves the rate alone but for what was observed', () => {
    const settings = { ...usual, ...whole, warmupSteps: 4 } as PlateauSettings;
    expect([0, 1, 4, 1000].map(createSchedule(settings, Infinity))).toEqual([0, 0.25, 1, 1]);
  });
});
