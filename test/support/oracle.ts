import { createHash } from 'node:crypto';

import { createExampleOrder, exampleIndices } from '@paceline/math';
import type { MicrobatchPlan } from '@paceline/math';
import type { JobSettings } from '@paceline/protocol';
import type { PreparedJob } from '@paceline/training';

/** Which examples each microbatch of a run has: the one thing that the oracles take from the product. */
export function planOf(
  { seed, batchSize, microbatches }: JobSettings,
  examples: number,
): MicrobatchPlan {
  const order = createExampleOrder({ seed, examples });
  return { examples, batchSize, microbatches, order };
}

/** All examples of a step, in the order of their microbatches. */
export function indicesOfStep(plan: MicrobatchPlan, step: number): readonly number[] {
  const microbatches = Array.from({ length: plan.microbatches }, (_, i) => i);
  return microbatches.flatMap((i) => [...exampleIndices(plan, step, i)]);
}

/** What a run must come to. */
export interface Reference {
  readonly weightsSha256: string;
  readonly stateSha256: string | undefined;
  /** Training loss of the last step. */
  readonly loss: number;
}

/**
 * A whole run in one thread and in plain JavaScript: leaves of `prepared` (which knows tensors), summed along the tree
 * by recursion, and SGD as guarantees and the optimizer's documentation have it, each operation rounded by Math.fround.
 * Nothing of server, worker, protocol, or the kernels.
 */
export function trainPlainly(
  prepared: PreparedJob,
  settings: JobSettings,
  steps: number,
): Reference {
  const { layout } = prepared;
  const { trainable, state } = layout.sections;
  const plan = planOf(settings, prepared.splits.train.examples);
  const parameters = prepared.initialParameters();
  const velocity = new Float32Array(layout.length);
  let loss = Number.NaN;
  for (let step = 0; step < steps; step++) {
    prepared.setParameters(parameters.slice());
    const sum = sumOf(leavesOf(prepared, plan, step));
    const [weight = 0, weighted = 0] = sum;
    const scale = Math.fround(1 / weight);
    const learningRate = learningRateAt(settings, step);
    loss = weighted / weight;
    for (const i of indicesIn(trainable)) {
      const gradient = f(scale * at(sum, i));
      parameters[i] = sgd({ settings, parameters, velocity, i, gradient, learningRate });
    }
    for (const i of indicesIn(state)) {
      parameters[i] = f(at(parameters, i) + f(scale * at(sum, i)));
    }
  }
  return {
    weightsSha256: sha256(parameters, trainable),
    stateSha256: state.length === 0 ? undefined : sha256(parameters, state),
    loss,
  };
}

/** The optimizer of a job that has sgd, which is what this oracle knows. */
export function sgdOf({
  optimizer,
}: Pick<JobSettings, 'optimizer'>): Extract<JobSettings['optimizer'], { readonly type: 'sgd' }> {
  if (optimizer.type !== 'sgd') throw new Error(`this oracle knows sgd, not ${optimizer.type}`);
  return optimizer;
}

/** Of the schedules this oracle knows those that it can compute without rounding. */
function learningRateAt({ optimizer, schedule }: JobSettings, step: number): number {
  if (schedule.type === 'constant') return optimizer.learningRate;
  if (schedule.type !== 'step') throw new Error(`this oracle does not know ${schedule.type}`);
  const stairs = Array.from({ length: Math.floor(step / schedule.everySteps) });
  return stairs.reduce((rate: number) => rate * schedule.factor, optimizer.learningRate);
}

const f = Math.fround;

interface Range {
  readonly offset: number;
  readonly length: number;
}

/** One leaf a microbatch, `undefined` for an empty one. */
function leavesOf(
  prepared: PreparedJob,
  plan: MicrobatchPlan,
  step: number,
): readonly (Float32Array | undefined)[] {
  return Array.from({ length: plan.microbatches }, (_, microbatch) => {
    const indices = exampleIndices(plan, step, microbatch);
    if (indices.length === 0) return undefined;
    const leaf = new Float32Array(prepared.layout.length);
    prepared.gradient({ step, microbatch, indices }, (offset, read) => {
      leaf.set(read(), offset);
    });
    return leaf;
  });
}

function sumOf(leaves: readonly (Float32Array | undefined)[]): Float32Array {
  let width = 1;
  while (width < leaves.length) width *= 2;
  const sum = node(leaves, 0, width);
  if (sum === undefined) throw new Error('a step without examples');
  return sum;
}

/** The node over [first, first + width): left + right, or a copy of the one that there is. */
function node(
  leaves: readonly (Float32Array | undefined)[],
  first: number,
  width: number,
): Float32Array | undefined {
  if (width === 1) return leaves[first];
  const left = node(leaves, first, width / 2);
  const right = node(leaves, first + width / 2, width / 2);
  if (left === undefined || right === undefined) return left ?? right;
  return left.map((value, i) => f(value + at(right, i)));
}

/** The new value of parameter `i`; its velocity is changed. */
function sgd(o: {
  readonly settings: JobSettings;
  readonly parameters: Float32Array;
  readonly velocity: Float32Array;
  readonly i: number;
  readonly gradient: number;
  readonly learningRate: number;
}): number {
  const { parameters, velocity, i, settings, learningRate } = o;
  const { momentum, nesterov, weightDecay, decoupledWeightDecay } = sgdOf(settings);
  const [mu, lr] = [f(momentum), f(learningRate)];
  const before = at(parameters, i);
  let gradient = o.gradient;
  if (weightDecay > 0 && !decoupledWeightDecay) gradient = f(gradient + f(f(weightDecay) * before));
  let direction = gradient;
  if (momentum > 0) {
    const next = f(f(mu * at(velocity, i)) + gradient);
    velocity[i] = next;
    direction = nesterov ? f(gradient + f(mu * next)) : next;
  }
  const decay = f(learningRate * weightDecay);
  const decayed = weightDecay > 0 && decoupledWeightDecay ? f(before - f(decay * before)) : before;
  return f(decayed - f(lr * direction));
}

function indicesIn({ offset, length }: Range): readonly number[] {
  return Array.from({ length }, (_, i) => offset + i);
}

function at(values: Float32Array, i: number): number {
  return values[i] ?? Number.NaN;
}

function sha256(values: Float32Array, { offset, length }: Range): string {
  const bytes = new Uint8Array(values.buffer, values.byteOffset + offset * 4, length * 4);
  return createHash('sha256').update(bytes).digest('hex');
}
