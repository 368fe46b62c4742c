/** Synthetic data for linear regression: y = x W + b + noise, all of it keyed by the seed. */
import type { Random } from '@paceline/math';
import { normal } from '../normal.ts';
import { keyedRandom } from '../random-streams.ts';
import type { Dataset, NamedArray, Split } from './dataset.ts';
import { createDataset } from './dataset.ts';
import { digestOfArrays } from './arrays.ts';
import { createArraySplit } from './gather.ts';

/**
 * Settings of `{ type: 'linear' }`. x is uniform in [-1, 1); noise is the standard deviation of a normal number that is
 * added to each label. Without `weights` ([features] or [features][outputs]) W and b are drawn, uniform in [-2, 2), for
 * `features` inputs and `outputs` outputs (1 each by default). Train and test have the same W and b.
 */
export interface LinearSettings {
  readonly type: 'linear';
  readonly examples: number;
  readonly testExamples?: number | undefined;
  readonly features?: number | undefined;
  readonly outputs?: number | undefined;
  readonly weights?: readonly number[] | readonly (readonly number[])[] | undefined;
  readonly bias?: number | readonly number[] | undefined;
  readonly noise: number;
}

/** The law behind the data: `weights` is [features, outputs], row-major. */
export interface LinearLaw {
  readonly features: number;
  readonly outputs: number;
  readonly weights: Float32Array;
  readonly bias: Float32Array;
}

/** The same settings and seed give the same bits on every machine: only exact operations and roundings are used. */
export function openLinear(settings: LinearSettings, { seed }: { readonly seed: number }): Dataset {
  const law = linearLaw(settings, seed);
  const split = (examples: number, part: number): Split =>
    createSplit(law, {
      examples,
      noise: settings.noise,
      random: keyedRandom('syntheticData', seed, part),
    });
  const testExamples = settings.testExamples ?? 0;
  return createDataset(
    split(settings.examples, 1),
    testExamples === 0 ? undefined : split(testExamples, 2),
  );
}

/** The W and b that a model should find. */
export function linearLaw(settings: LinearSettings, seed: number): LinearLaw {
  const { weights, bias = 0 } = settings;
  if (weights !== undefined) {
    const rows = weights.map((row) => [row].flat());
    const outputs = rows[0]?.length ?? 1;
    return {
      features: rows.length,
      outputs,
      weights: Float32Array.from(rows.flat()),
      bias: Float32Array.from(
        { length: outputs },
        (_, i) => [bias].flat()[i] ?? [bias].flat()[0] ?? 0,
      ),
    };
  }
  const { features = 1, outputs = 1 } = settings;
  const random = keyedRandom('syntheticData', seed, 0);
  const draw = (): number => random.uniform() * 4 - 2;
  return {
    features,
    outputs,
    weights: Float32Array.from({ length: features * outputs }, draw),
    bias: Float32Array.from({ length: outputs }, draw),
  };
}

interface SplitPlan {
  readonly examples: number;
  readonly noise: number;
  readonly random: Random;
}

function createSplit(law: LinearLaw, { examples, noise, random }: SplitPlan): Split {
  const { features, outputs, weights, bias } = law;
  const x = Float32Array.from({ length: examples * features }, () => random.uniform() * 2 - 1);
  const y = new Float32Array(examples * outputs);
  for (let row = 0; row < examples; row += 1) {
    for (let output = 0; output < outputs; output += 1) {
      let sum = bias[output] ?? 0;
      for (let i = 0; i < features; i += 1) {
        sum += (x[row * features + i] ?? 0) * (weights[i * outputs + output] ?? 0);
      }
      y[row * outputs + output] = sum + noise * normal(random);
    }
  }
  const inputs: readonly NamedArray[] = [{ name: '', values: x, shape: [examples, features] }];
  const labels: readonly NamedArray[] = [{ name: '', values: y, shape: [examples, outputs] }];
  return createArraySplit({ x: inputs, y: labels }, digestOfArrays(inputs, labels));
}
