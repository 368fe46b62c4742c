/** Initial values of a parameter of the functional form, keyed by (seed, index of the parameter). */
import { TrainingError } from '../errors.ts';
import { normal } from '../normal.ts';
import { keyedRandom } from '../random-streams.ts';
import type { Random } from '@paceline/math';

/** Initializers by name. Fans are as in Keras: the last two dimensions, times those before them. */
export type InitializerName =
  | 'zeros'
  | 'ones'
  | 'normal'
  | 'uniform'
  | 'glorotNormal'
  | 'glorotUniform'
  | 'heNormal'
  | 'heUniform'
  | 'lecunNormal'
  | 'lecunUniform';

/** A name, a constant, all values (row-major), or a distribution with its numbers. */
export type ParameterInit =
  | InitializerName
  | number
  | readonly number[]
  | { readonly type: 'constant'; readonly value: number }
  | { readonly type: 'normal'; readonly mean?: number; readonly standardDeviation: number }
  | { readonly type: 'uniform'; readonly least: number; readonly most: number };

/** A parameter: `trainable: false` keeps it as it starts. Default init: `glorotUniform`. */
export interface ParameterSpec {
  readonly shape: readonly number[];
  readonly init?: ParameterInit | undefined;
  readonly trainable?: boolean | undefined;
}

/** The values, row-major. @throws {TrainingError} `bad-model`, naming the parameter. */
export function initialValues(
  name: string,
  spec: ParameterSpec,
  key: { readonly seed: number; readonly index: number },
): Float32Array {
  const size = spec.shape.reduce((product, dimension) => product * dimension, 1);
  const init = spec.init ?? 'glorotUniform';
  if (Array.isArray(init)) return listed(name, init as readonly number[], size);
  const draw = drawOf(init as Exclude<ParameterInit, readonly number[]>, spec.shape);
  if (draw === undefined) {
    throw new TrainingError(
      'bad-model',
      `parameters.${name}.init: unknown ${JSON.stringify(init)}`,
    );
  }
  const random = keyedRandom('initialParameter', key.seed, key.index);
  return Float32Array.from({ length: size }, () => draw(random));
}

function listed(name: string, values: readonly number[], size: number): Float32Array {
  if (values.length === size) return Float32Array.from(values);
  throw new TrainingError(
    'bad-model',
    `parameters.${name}.init: ${String(values.length)} values for ${String(size)} elements`,
  );
}

type Draw = (random: Random) => number;

function drawOf(
  init: Exclude<ParameterInit, readonly number[]>,
  shape: readonly number[],
): Draw | undefined {
  if (typeof init === 'number') return () => init;
  if (typeof init === 'string') return named(init, fansOf(shape));
  switch (init.type) {
    case 'constant':
      return () => init.value;
    case 'normal':
      return (random) => (init.mean ?? 0) + init.standardDeviation * normal(random);
    case 'uniform':
      return (random) => init.least + (init.most - init.least) * random.uniform();
    default:
      return undefined;
  }
}

interface Fans {
  readonly inward: number;
  readonly outward: number;
}

/**
 * Variances: 2 / (in + out) for Glorot & Bengio (2010), 2 / in for He et al. (2015), 1 / in for LeCun et al. (1998);
 * a uniform number in [-a, a) has variance a^2 / 3. `normal` has deviation 0.05 and `uniform` reaches 0.05, as in Keras.
 */
function named(name: InitializerName, { inward, outward }: Fans): Draw | undefined {
  const normalOf = (variance: number): Draw => {
    const deviation = Math.sqrt(variance);
    return (random) => deviation * normal(random);
  };
  const uniformOf = (variance: number): Draw => {
    const limit = Math.sqrt(3 * variance);
    return (random) => limit * (2 * random.uniform() - 1);
  };
  const draws: Readonly<Record<InitializerName, Draw>> = {
    zeros: () => 0,
    ones: () => 1,
    normal: normalOf(0.05 ** 2),
    uniform: uniformOf(0.05 ** 2 / 3),
    glorotNormal: normalOf(2 / (inward + outward)),
    glorotUniform: uniformOf(2 / (inward + outward)),
    heNormal: normalOf(2 / inward),
    heUniform: uniformOf(2 / inward),
    lecunNormal: normalOf(1 / inward),
    lecunUniform: uniformOf(1 / inward),
  };
  return Object.hasOwn(draws, name) ? draws[name] : undefined;
}

function fansOf(shape: readonly number[]): Fans {
  const [first = 1] = shape;
  if (shape.length < 2) return { inward: first, outward: first };
  const field = shape.slice(0, -2).reduce((product, dimension) => product * dimension, 1);
  return { inward: field * (shape.at(-2) ?? 1), outward: field * (shape.at(-1) ?? 1) };
}
