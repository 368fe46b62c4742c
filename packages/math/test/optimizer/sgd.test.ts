import { readFile } from 'node:fs/promises';

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { createArena } from '../../src/arena.ts';
import { createSgd } from '../../src/optimizer/sgd.ts';
import type { SgdSettings } from '../../src/optimizer/sgd.ts';
import { anyFloat, bitsOf } from '../support/floats.ts';

const plain: SgdSettings = {
  type: 'sgd',
  learningRate: 0.1,
  momentum: 0,
  nesterov: false,
  dampening: 0,
  weightDecay: 0,
  decoupledWeightDecay: false,
};

/** Momentum and decay rules, all nine. */
const rules = [
  { momentum: 0, nesterov: false },
  { momentum: 0.9, nesterov: false },
  { momentum: 0.9, nesterov: true },
].flatMap((momentum) => [
  { ...plain, ...momentum },
  { ...plain, ...momentum, weightDecay: 0.01 },
  { ...plain, ...momentum, weightDecay: 0.01, decoupledWeightDecay: true },
]);

const { fround } = Math;

/** One element, one step, as the documentation writes it; [p', v']. */
function reference(
  settings: SgdSettings,
  element: { p: number; g: number; v: number; scale: number },
): readonly [number, number] {
  const rate = fround(settings.learningRate);
  const momentum = fround(settings.momentum);
  let { p, v } = element;
  let g = fround(element.scale * element.g);
  const decays = settings.weightDecay > 0;
  if (decays && !settings.decoupledWeightDecay) {
    g = fround(g + fround(fround(settings.weightDecay) * p));
  }
  let step = g;
  if (settings.momentum > 0) {
    v = fround(fround(momentum * v) + g);
    step = settings.nesterov ? fround(g + fround(momentum * v)) : v;
  }
  if (decays && settings.decoupledWeightDecay) {
    p = fround(p - fround(fround(settings.learningRate * settings.weightDecay) * p));
  }
  return [fround(p - fround(rate * step)), v];
}

const arena = createArena({ maximumBytes: 2 ** 20 });
const room = 80;
const [parameters, target, gradient, velocity] = Array.from({ length: 4 }, () =>
  arena.allocate(room * 4),
) as [number, number, number, number];

/** Runs one step on vectors that start `shift` floats into their room; returns what was written. */
function step(
  settings: SgdSettings,
  input: {
    p: readonly number[];
    g: readonly number[];
    v: readonly number[];
    scale: number;
    shift: number;
  },
): { p: Float32Array; next: Float32Array; v: Float32Array; guards: number[] } {
  const count = input.p.length;
  const offset = input.shift * 4;
  const put = (area: number, values: readonly number[]): Float32Array => {
    const view = arena.float32(area, room).fill(-77);
    view.set(values, input.shift);
    return view.subarray(input.shift, input.shift + count);
  };
  const views = {
    p: put(parameters, input.p),
    g: put(gradient, input.g),
    v: put(velocity, input.v),
  };
  const next = put(
    target,
    input.p.map(() => 5),
  );
  const optimizer = createSgd(settings);
  optimizer.passes[0]?.({
    arena,
    tensor: { name: 'w', shape: [count], section: 'trainable', size: count, offset: 0 },
    start: 0,
    learningRate: settings.learningRate,
    parameters: parameters + offset,
    target: target + offset,
    gradient: gradient + offset,
    scale: input.scale,
    slots: optimizer.slots.map(() => velocity + offset),
    count,
    updates: 0,
  });
  const guards = [parameters, target, gradient, velocity].flatMap((area) => [
    ...arena.float32(area + offset - 4, 1),
    ...arena.float32(area + offset + count * 4, 1),
  ]);
  return { ...views, next, guards };
}

const elements = fc
  .array(fc.tuple(anyFloat, anyFloat, anyFloat), { maxLength: 67, size: 'max' })
  .map((rows) => ({
    p: rows.map(([p]) => p),
    g: rows.map(([, g]) => g),
    v: rows.map(([, , v]) => v),
  }));

describe('createSgd', () => {
  it.each(rules)(
    'has the bits of the documented formula: momentum $momentum, nesterov $nesterov, decay $weightDecay, decoupled $decoupledWeightDecay',
    (rule) => {
      const setting = fc.double({ min: 1e-9, max: 0.999, noNaN: true });
      const inputs = fc.tuple(elements, anyFloat, fc.integer({ min: 1, max: 8 }));
      fc.assert(
        fc.property(
          inputs,
          setting,
          setting,
          setting,
          ([vectors, scale, shift], rate, mu, decay) => {
            const settings: SgdSettings = {
              ...rule,
              learningRate: rate,
              momentum: rule.momentum === 0 ? 0 : mu,
              weightDecay: rule.weightDecay === 0 ? 0 : decay,
            };
            const result = step(settings, { ...vectors, scale, shift });
            const expected = vectors.p.map((p, i) =>
              reference(settings, { p, g: vectors.g[i] ?? NaN, v: vectors.v[i] ?? NaN, scale }),
            );
            expect(bitsOf(result.next)).toEqual(bitsOf(expected.map(([p]) => p)));
            expect(bitsOf(result.v)).toEqual(bitsOf(expected.map(([, v]) => v)));
            expect(bitsOf(result.p)).toEqual(bitsOf(vectors.p));
            expect(result.guards).toEqual(Array.from({ length: 8 }, () => -77));
          },
        ),
        { numRuns: 150 },
      );
    },
  );

  it('agrees with PyTorch over four steps, for each rule', async () => {
    const file = new URL('./sgd-pytorch.json', import.meta.url);
    const oracle = JSON.parse(await readFile(file, 'utf8')) as {
      learningRate: number;
      parameters: number[];
      gradients: number[][];
      cases: (Omit<SgdSettings, 'type' | 'learningRate'> & { result: number[] })[];
    };
    expect(oracle.cases).toHaveLength(9);
    for (const { result, ...rule } of oracle.cases) {
      let p = oracle.parameters;
      let v = p.map(() => 0);
      for (const g of oracle.gradients) {
        const settings = { ...plain, learningRate: oracle.learningRate, ...rule } as const;
        const after = step(settings, { p, g, v, scale: 1, shift: 1 });
        p = [...after.next];
        v = [...after.v];
      }
      p.forEach((value, i) => {
        expect(value).toBeCloseTo(result[i] ?? NaN, 5);
      });
    }
  });

  it('multiplies the sum by the scale first: 8 examples with a sum of 4 move by lr x 0.5', () => {
    const { next } = step(
      { ...plain, learningRate: 0.5 },
      { p: [1], g: [4], v: [0], scale: 1 / 8, shift: 1 },
    );
    expect([...next]).toEqual([0.75]);
  });

  it('does not touch -0 when there is no decay', () => {
    const { next } = step(plain, { p: [-0], g: [0], v: [0], scale: 1, shift: 1 });
    expect(bitsOf(next)).toEqual(['80000000']);
  });

  it('needs a velocity only with momentum', () => {
    expect(createSgd(plain).slots).toEqual([]);
    expect(createSgd({ ...plain, momentum: 0.9 }).slots).toEqual(['velocity']);
  });

  it.each([
    [{ learningRate: 0 }, 'learningRate must be > 0, got 0'],
    [{ learningRate: Infinity }, 'learningRate must be > 0, got Infinity'],
    [{ momentum: 1 }, 'momentum must be in [0, 1), got 1'],
    [{ momentum: NaN }, 'momentum must be in [0, 1), got NaN'],
    [{ weightDecay: -1 }, 'weightDecay must be >= 0, got -1'],
    [{ dampening: 1 }, 'dampening must be in [0, 1), got 1'],
    [{ nesterov: true }, 'sgd: nesterov needs a momentum, and no dampening'],
    [{ nesterov: true, momentum: 0.5, dampening: 0.1 }, 'sgd: nesterov needs a momentum'],
  ])('refuses %j', (wrong, words) => {
    expect(() => createSgd({ ...plain, ...wrong })).toThrow(words);
  });
});
