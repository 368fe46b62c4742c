/** The first microbatch, computed once before the run: everything that can be wrong with a job shows here. */
import { exampleIndices } from '@paceline/math';
import type { ExampleOrder } from '@paceline/math';
import type { Scalar, Tensor, Variable } from '@tensorflow/tfjs';
import type { Backend, TensorFlow } from './backend/interface.ts';
import type { Batch } from './datasets/dataset.ts';
import { differentiate } from './differentiate.ts';
import { TrainingError } from './errors.ts';
import { auditGradients } from './gradients/audit.ts';
import type { TrainingSettings } from './job.ts';
import { withKeyedMathRandom } from './keyed-math-random.ts';
import type { ModelVariable, TrainableModel } from './models/model.ts';
import { keyedRandom } from './random-streams.ts';
import { recordAssigned } from './state-variables.ts';
import { uploadBatch } from './upload-batch.ts';

/** What the probe needs. */
export interface ProbeParts {
  readonly backend: Backend;
  readonly model: TrainableModel;
  /** The first microbatch of step 0. */
  readonly batch: Batch;
  readonly settings: TrainingSettings;
}

/** What the probe found out. */
export interface ProbeResult {
  /** The variables that a training pass assigns. */
  readonly assigned: ReadonlySet<Variable>;
  readonly notices: readonly string[];
}

/**
 * Computes loss and gradient of microbatch 0 of step 0, checks kernels, shapes and that all numbers are finite, and that
 * the saved model computes the same. Leaves the variables as they were.
 * @throws {TrainingError} whatever is wrong, in words of the model; {UnsupportedGradientError} for a wrong gradient.
 */
export function probeJob(parts: ProbeParts): ProbeResult {
  const { backend, model, batch, settings } = parts;
  const { tf } = backend;
  tf.tidy(() => {
    model.verifySaved(uploadBatch(tf, batch));
  });
  const variables = model.variables.filter(({ trainable }) => trainable);
  if (variables.length === 0) {
    throw new TrainingError('unsupported-model', 'the model has no trainable parameters');
  }
  let notices: readonly string[] = [];
  const run = (): void => {
    tf.tidy(() => {
      const loss = (): Scalar => model.compute(uploadBatch(tf, batch), 'training').loss;
      notices = checkNumbers(settings, examine(tf, variables, loss));
    });
  };
  const assigned = keepingState(parts, () =>
    recordAssigned(tf, () => {
      withKeyedMathRandom(keyedRandom('microbatch', settings.seed, 0, 0), () => {
        model.trackLayers(() => {
          auditGradients(backend, run, () => model.currentLayer());
        });
      });
    }),
  );
  return { assigned, notices };
}

/** Only what is not trainable can change. Clone and assign share memory: nothing is copied. */
function keepingState<T>({ backend, model }: ProbeParts, body: () => T): T {
  const kept = model.variables
    .filter(({ trainable }) => !trainable)
    .map(({ variable }) => ({ variable, before: backend.tf.clone(variable) }));
  try {
    return body();
  } finally {
    for (const { variable, before } of kept) {
      variable.assign(before);
      before.dispose();
    }
  }
}

/** The examples of the first microbatch that has some. @throws {TrainingError} `bad-data` when there are none. */
export function firstIndices(
  { batchSize, microbatches }: TrainingSettings,
  examples: number,
  order: ExampleOrder,
): Uint32Array {
  const plan = { examples, batchSize, microbatches, order };
  for (let microbatch = 0; microbatch < microbatches; microbatch += 1) {
    const indices = exampleIndices(plan, 0, microbatch);
    if (indices.length > 0) return indices;
  }
  throw new TrainingError('bad-data', 'data.train: there are no examples');
}

/** What is wrong with the numbers of a first microbatch; names in the order of the variables. */
interface Findings {
  readonly loss: number;
  /** The loss does not depend on them. */
  readonly unreached: readonly string[];
  /** Their gradients have NaN or infinity. */
  readonly wrong: readonly string[];
}

function examine(
  tf: TensorFlow,
  variables: readonly ModelVariable[],
  compute: () => Scalar,
): Findings {
  let loss = NaN;
  const unreached = new Set<number>();
  const wrong = new Set<number>();
  differentiate(
    tf,
    variables.map(({ variable }) => variable),
    compute,
    {
      onValue: (value) => {
        [loss = NaN] = value.dataSync();
      },
      onGradient: (index, gradient) => {
        if (gradient === undefined) unreached.add(index);
        else if (!isFinite(gradient)) wrong.add(index);
      },
    },
  );
  const namesOf = (which: ReadonlySet<number>): readonly string[] =>
    variables.filter((_, index) => which.has(index)).map(({ name }) => name);
  return { loss, unreached: namesOf(unreached), wrong: namesOf(wrong) };
}

/** A job that starts with NaN will end with NaN; `nonFinite: 'skip'` may know better, so it is only told. */
function checkNumbers(
  settings: TrainingSettings,
  { loss, unreached, wrong }: Findings,
): readonly string[] {
  const notices: string[] = [];
  if (unreached.length > 0) {
    notices.push(`the loss does not depend on ${unreached.join(', ')}: the gradient is zero`);
  }
  if (Number.isFinite(loss) && wrong.length === 0) return notices;
  const what = Number.isFinite(loss)
    ? `the gradient of ${wrong.join(', ')} is not finite`
    : `the loss is ${String(loss)}`;
  const words = `at the initial weights, on the first microbatch, ${what}`;
  if (settings.nonFinite === 'skip') return [...notices, words];
  throw new TrainingError('non-finite', words);
}

function isFinite(tensor: Tensor): boolean {
  return tensor.dataSync<'float32'>().every((value) => Number.isFinite(value));
}
