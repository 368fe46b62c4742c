import { PacelineError } from '../errors.ts';
import type { ShapedArray } from './arrays.ts';

/** The arrays of a split, all with as many examples. */
export interface Arrays {
  readonly x: readonly ShapedArray[];
  readonly y: readonly ShapedArray[];
  readonly sampleWeight: readonly ShapedArray[];
}

/** What a model is trained on, and what it is validated with. */
export interface Divided {
  readonly train: Arrays;
  readonly test?: Arrays;
}

/**
 * Keeps the last part of the examples for validation, as many as `fit` does: all but the first floor(n x (1 - part)).
 * Nothing is copied. A part that is not between 0 and 1 is none.
 *
 * @throws PacelineError `bad-data` when no example is left to train on
 */
export function divide(arrays: Arrays, examples: number, part: number | undefined): Divided {
  if (part === undefined || part <= 0 || part >= 1) return { train: arrays };
  const first = Math.floor(examples * (1 - part));
  if (first === 0) {
    const words = `validationSplit: ${part} of ${examples} examples leaves none to train on`;
    throw new PacelineError('bad-data', `${words}.`);
  }
  return { train: between(arrays, 0, first), test: between(arrays, first, examples) };
}

function between({ x, y, sampleWeight }: Arrays, from: number, to: number): Arrays {
  const slice = (array: ShapedArray): ShapedArray => sliceExamples(array, from, to);
  return { x: x.map(slice), y: y.map(slice), sampleWeight: sampleWeight.map(slice) };
}

function sliceExamples(array: ShapedArray, from: number, to: number): ShapedArray {
  const [, ...rest] = array.shape;
  const size = rest.reduce((product, dimension) => product * dimension, 1);
  return {
    ...array,
    shape: [to - from, ...rest],
    values: array.values.subarray(from * size, to * size),
  };
}
