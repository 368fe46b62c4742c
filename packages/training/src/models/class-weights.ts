/** Weights of classes: those of the examples that have them as labels, as in fit() of tfjs. */
import type { Tensor } from '@tensorflow/tfjs';
import type { TensorFlow } from '../backend/interface.ts';
import { TrainingError } from '../errors.ts';
import type { TrainingSettings } from '../job.ts';
import type { Socket } from './match-arrays.ts';
import { perOutput } from './per-output.ts';

/** The weight of each class, by its number. */
export type ClassWeights = ReadonlyMap<number, number>;

/**
 * The class weights of each output, where it has some.
 * @throws {TrainingError} `bad-loss` for several outputs and weights that do not say whose they are, and for a class
 * without a weight, where the output has as many numbers as there are classes.
 */
export function classWeightsOf(
  { classWeight }: TrainingSettings,
  outputs: readonly Socket[],
): readonly (ClassWeights | undefined)[] {
  if (classWeight === undefined) return outputs.map(() => undefined);
  if (outputs.length > 1 && isOfClasses(classWeight)) {
    throw new TrainingError(
      'bad-loss',
      'classWeight: the model has several outputs; give the weights by the name of the output, { name: { 0: 1, ... } }',
    );
  }
  return perOutput('classWeight', classWeight, outputs, isOfClasses).map((given, index) => {
    if (typeof given !== 'object' || given === null) return undefined;
    const entries = Object.entries(given) as readonly (readonly [string, number])[];
    const weights = new Map(entries.map(([key, weight]) => [Number(key), weight]));
    const output = outputs[index];
    const width = output?.shape.at(-1) ?? 1;
    const missing = Array.from({ length: width > 1 ? width : 0 }, (_, i) => i).find(
      (each) => !weights.has(each),
    );
    if (missing !== undefined) throw noWeight(missing, output?.name ?? '');
    return weights;
  });
}

function isOfClasses(given: object): boolean {
  return Object.values(given).every((value) => typeof value === 'number');
}

/**
 * The weight of each example, [examples], by its label: the number itself where it is one, else the place of the largest.
 * @throws {TrainingError} `bad-loss` for a class without a weight, or labels of sequences.
 */
export function weightsByClass(
  tf: TensorFlow,
  weights: ClassWeights,
  { labels, output }: { readonly labels: Tensor; readonly output: string },
): Tensor {
  if (labels.rank > 2) {
    throw new TrainingError(
      'bad-loss',
      `classWeight: an example of the output "${output}" has one class; its labels are [${labels.shape.join(', ')}]`,
    );
  }
  const isIndex = labels.rank === 1 || labels.shape[1] === 1;
  const classes = (isIndex ? labels : tf.argMax(labels, -1)).dataSync();
  const each = Float32Array.from(classes, (one) => {
    const weight = weights.get(one);
    if (weight === undefined) throw noWeight(one, output);
    return weight;
  });
  return tf.tensor1d(each);
}

function noWeight(one: number, output: string): TrainingError {
  return new TrainingError(
    'bad-loss',
    `classWeight: none for the class ${String(one)} of the output "${output}"; every class needs one`,
    { data: { output } },
  );
}
