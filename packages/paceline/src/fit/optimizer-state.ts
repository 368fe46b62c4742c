import type { DescribedWeight, TensorFlow } from '@paceline/training';

import { PacelineError } from '../errors.ts';
import type { OptimizerForm, SlotForm } from './optimizer-form.ts';

/** State of an optimizer as the server has it. */
export interface OptimizerState {
  readonly updates: number;
  /** By slot: Float32 of all trainable weights, one behind the other. */
  readonly slots: Readonly<Record<string, Float32Array>>;
}

/** What of an optimizer of tfjs gives and takes its state. */
export interface StatefulOptimizer {
  readonly iterations: number;
  getWeights(): Promise<NamedTensor[]>;
  setWeights(weights: NamedTensor[]): Promise<void>;
}

type Tensor = InstanceType<TensorFlow['Tensor']>;
interface NamedTensor {
  readonly name: string;
  readonly tensor: Tensor;
}

/**
 * What an optimizer has done so far; undefined where it has done nothing, or tfjs does not tell.
 *
 * @throws PacelineError `optimizer-state` when it is of other weights than the model's
 */
export async function readOptimizerState(
  optimizer: StatefulOptimizer,
  { slots: forms }: Pick<OptimizerForm, 'slots'>,
  weights: readonly DescribedWeight[],
): Promise<OptimizerState | undefined> {
  if (forms === undefined) return undefined;
  const [iterations, ...tensors] = await optimizer.getWeights();
  // The number of iterations is a tensor made for this call; the others are the optimizer's own.
  iterations?.tensor.dispose();
  if (tensors.length === 0 && forms.length > 0) return undefined;
  checkShapes(tensors, forms, weights);
  const updates = optimizer.iterations;
  const slots: [string, Float32Array][] = [];
  for (const [i, { slot, factor }] of forms.entries()) {
    if (slot === undefined) continue;
    const own = tensors.slice(i * weights.length, (i + 1) * weights.length);
    slots.push([slot, await joined(own, factor)]);
  }
  return updates === 0 ? undefined : { updates, slots: Object.fromEntries(slots) };
}

/** Gives the state back to the optimizer, which then is as if it had done these updates itself. */
export async function writeOptimizerState(
  tf: TensorFlow,
  optimizer: StatefulOptimizer,
  o: {
    readonly form: Pick<OptimizerForm, 'slots'>;
    readonly weights: readonly DescribedWeight[];
    readonly state: OptimizerState;
  },
): Promise<void> {
  const { form, weights, state } = o;
  if (form.slots === undefined) return;
  const before = await optimizer.getWeights();
  const iterations = { name: 'iter', tensor: tf.scalar(state.updates, 'int32') };
  const after = [iterations, ...form.slots.flatMap((slot) => tensorsOf(tf, slot, weights, state))];
  await optimizer.setWeights(after);
  // It made variables of its own from these, and forgot the ones before without disposing of them.
  for (const { tensor } of [...before, ...after]) tensor.dispose();
}

function tensorsOf(
  tf: TensorFlow,
  { slot, suffix, factor }: SlotForm,
  weights: readonly DescribedWeight[],
  state: OptimizerState,
): readonly NamedTensor[] {
  let offset = 0;
  return weights.map(({ variable, shape }) => {
    const values = slot === undefined ? undefined : state.slots[slot];
    const own = Float32Array.from(
      { length: variable.size },
      (_, i) => (values?.[offset + i] ?? 0) / factor,
    );
    offset += variable.size;
    return { name: `${variable.name}/${suffix}`, tensor: tf.tensor(own, [...shape]) };
  });
}

async function joined(tensors: readonly NamedTensor[], factor: number): Promise<Float32Array> {
  const flat = new Float32Array(tensors.reduce((sum, { tensor }) => sum + tensor.size, 0));
  let offset = 0;
  for (const { tensor } of tensors) {
    const values = await tensor.data();
    flat.set(factor === 1 ? values : values.map((value) => value * factor), offset);
    offset += tensor.size;
  }
  return flat;
}

function checkShapes(
  tensors: readonly NamedTensor[],
  forms: readonly SlotForm[],
  weights: readonly DescribedWeight[],
): void {
  const wanted = forms.flatMap(() => weights.map(({ shape }) => shapeText(shape)));
  const found = tensors.map(({ tensor }) => shapeText(tensor.shape));
  if (wanted.join() === found.join()) return;
  throw new PacelineError(
    'optimizer-state',
    `The optimizer has state of the shapes ${found.join(', ')}; the trainable weights of the model want ` +
      `${wanted.join(', ')}. It was used with another model, or layers were frozen since: compile the model with a new one.`,
  );
}

function shapeText(shape: readonly number[]): string {
  return `[${shape.join(', ')}]`;
}
