/**
 * Data by arithmetic: which examples a microbatch of a step consists of is a formula of (seed, step, microbatch).
 * Steps, epochs, positions and microbatches count from 0. Step s computes on version s of the parameters.
 */
import { checkWhole } from './checks.ts';
import { MathError } from './errors.ts';
import type { Interval } from './interval.ts';
import type { ExampleOrder } from './permutation.ts';
import { createSumTree } from './tree.ts';
import type { SumTree } from './tree.ts';

/** How epochs are cut into steps. */
export interface BatchPlan {
  /** Examples in the data set, >= 1. */
  readonly examples: number;
  /** Examples in a step, >= 1; the last step of an epoch takes what is left. */
  readonly batchSize: number;
  /** Microbatches in a step (M of the tree), >= 1. */
  readonly microbatches: number;
  /** Other batches from later epochs on, rising. */
  readonly batchSchedule?: readonly BatchPhase[];
}

/** Batches from an epoch on. */
export interface BatchPhase {
  /** The first epoch with them, >= 1. */
  readonly fromEpoch: number;
  readonly batchSize: number;
  readonly microbatches: number;
}

/** Where a step is: `count` examples from position `offset` on in the order of `epoch`, cut into so many microbatches. */
export interface StepPlace {
  readonly epoch: number;
  readonly offset: number;
  readonly count: number;
  readonly microbatches: number;
}

/** Everything that decides which examples a microbatch has. */
export interface MicrobatchPlan extends BatchPlan {
  readonly order: ExampleOrder;
}

/**
 * The part of a batch of `examples` that microbatch `index` computes: [floor(i n / M), floor((i + 1) n / M)).
 * Empty for some when n < M. Exact: the products must stay below 2^53.
 * @throws {MathError} `bad-argument` when they would not, or for an index that is not in [0, microbatches).
 */
export function microbatchRange(index: number, examples: number, microbatches: number): Interval {
  checkWhole('examples', examples, { least: 0 });
  checkWhole('microbatches', microbatches, { least: 1 });
  checkWhole('microbatch', index, { least: 0, most: microbatches - 1 });
  if (!Number.isSafeInteger(examples * microbatches)) {
    throw new MathError('bad-argument', 'examples x microbatches must be below 2^53', {
      data: { examples, microbatches },
    });
  }
  return {
    first: divideDown(index * examples, microbatches),
    end: divideDown((index + 1) * examples, microbatches),
  };
}

/** The tree over the microbatches of a batch of `examples`. Immutable: one for full batches and one for the last serve a whole run. */
export function createBatchTree(examples: number, microbatches: number): SumTree {
  if (examples >= microbatches) return createSumTree(microbatches);
  return createSumTree(microbatches, (index) => {
    const { first, end } = microbatchRange(index, examples, microbatches);
    return first === end;
  });
}

/**
 * The tree of each step of a run. There are at most two of them for each size of batches, of full ones and of the last: each is
 * made once.
 * @throws {MathError} `bad-argument`, as {@link locateStep} and {@link createBatchTree} do; so does the function it gives.
 */
export function createStepTrees(plan: BatchPlan): (step: number) => SumTree {
  const trees = new Map<string, SumTree>();
  return (step) => {
    const { count, microbatches } = locateStep(plan, step);
    const key = `${count} ${microbatches}`;
    const tree = trees.get(key) ?? createBatchTree(count, microbatches);
    trees.set(key, tree);
    return tree;
  };
}

/** The plan that the settings of a job have for so many examples. */
export function planBatches(
  { batchSize, microbatches, batchSchedule = [] }: Omit<BatchPlan, 'examples'>,
  examples: number,
): BatchPlan {
  return { examples, batchSize, microbatches, batchSchedule };
}

/** How many steps an epoch has: ceil(examples / batchSize). */
export function stepsPerEpoch(examples: number, batchSize: number): number {
  checkWhole('examples', examples, { least: 1 });
  checkWhole('batchSize', batchSize, { least: 1 });
  return divideDown(examples - 1, batchSize) + 1;
}

/** The steps of the first `epochs` epochs. Infinity for as many epochs. */
export function stepsOfEpochs(plan: BatchPlan, epochs: number): number {
  return phasesOf(plan)
    .filter(({ fromEpoch }) => fromEpoch < epochs)
    .reduce((sum, { fromEpoch, endEpoch, batchSize }) => {
      const most = Math.min(endEpoch, epochs) - fromEpoch;
      return sum + most * stepsPerEpoch(plan.examples, batchSize);
    }, 0);
}

/**
 * The place of a step. Each epoch uses each example exactly once.
 * @throws {MathError} `bad-argument` for a step below 0, or no examples.
 */
export function locateStep(plan: BatchPlan, step: number): StepPlace {
  const { examples } = plan;
  checkWhole('step', step, { least: 0 });
  let left = step;
  for (const { fromEpoch, endEpoch, batchSize, microbatches } of phasesOf(plan)) {
    const steps = stepsPerEpoch(examples, batchSize);
    const epochs = divideDown(left, steps);
    if (epochs < endEpoch - fromEpoch) {
      const offset = (left - epochs * steps) * batchSize;
      const count = Math.min(batchSize, examples - offset);
      return { epoch: fromEpoch + epochs, offset, count, microbatches };
    }
    left -= (endEpoch - fromEpoch) * steps;
  }
  throw new MathError('bad-argument', 'the last batches have no end', { data: { step } });
}

/** All phases, the first included, each with the epoch at which the next one begins; the last has no end. */
function phasesOf(plan: BatchPlan): readonly (BatchPhase & { readonly endEpoch: number })[] {
  const { batchSize, microbatches, batchSchedule = [] } = plan;
  const phases = [{ fromEpoch: 0, batchSize, microbatches }, ...batchSchedule];
  return phases.map((phase, i) => ({ ...phase, endEpoch: phases[i + 1]?.fromEpoch ?? Infinity }));
}

/** The examples of a microbatch, in the order in which it computes them; a fresh array, empty for one that the step does not have. */
export function exampleIndices(
  plan: MicrobatchPlan,
  step: number,
  microbatch: number,
): Uint32Array<ArrayBuffer> {
  const { epoch, offset, count, microbatches } = locateStep(plan, step);
  if (microbatch >= microbatches) return new Uint32Array();
  const { first, end } = microbatchRange(microbatch, count, microbatches);
  const indices = new Uint32Array(end - first);
  for (let i = 0; i < indices.length; i += 1) {
    indices[i] = plan.order(epoch, offset + first + i);
  }
  return indices;
}

/** floor(a / b) without rounding: the remainder is exact, the difference a multiple of b, so the quotient is exact too. */
function divideDown(a: number, b: number): number {
  return (a - (a % b)) / b;
}
