/** The first microbatch, computed once before the run: everything that can be wrong with a job shows here. */
import { createExampleOrder, exampleIndices } from '@paceline/math';
import type { Scalar, Tensor, Variable } from '@tensorflow/tfjs';
import type { Backend } from './backend/interface.ts';
import type { Split } from './datasets/dataset.ts';
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
  readonly train: Split;
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
  const { backend, model, train, settings } = parts;
  const { tf } = backend;
  const batch = train.read(firstIndices(settings, train.examples));
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
      const { value, gradients } = differentiate(
        tf,
        variables.map(({ variable }) => variable),
        () => model.compute(uploadBatch(tf, batch), 'training').loss,
      );
      notices = checkNumbers({ settings, variables }, value, gradients);
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

function firstIndices(settings: TrainingSettings, examples: number): Uint32Array {
  const { seed, batchSize, microbatches } = settings;
  const order = createExampleOrder({ seed, examples });
  const plan = { examples, batchSize, microbatches, order };
  for (let microbatch = 0; microbatch < microbatches; microbatch += 1) {
    const indices = exampleIndices(plan, 0, microbatch);
    if (indices.length > 0) return indices;
  }
  throw new TrainingError('bad-data', 'data.train: there are no examples');
}

interface Checked {
  readonly settings: TrainingSettings;
  readonly variables: readonly ModelVariable[];
}

/** A job that starts with NaN will end with NaN; `nonFinite: 'skip'` may know better, so it is only told. */
function checkNumbers(
  { settings, variables }: Checked,
  loss: Scalar,
  gradients: readonly (Tensor | undefined)[],
): readonly string[] {
  const named = variables.map(({ name }, index) => ({ name, tensor: gradients[index] }));
  const unreached = named.filter(({ tensor }) => tensor === undefined).map(({ name }) => name);
  const wrong = named.filter(({ tensor }) => tensor !== undefined && !isFinite(tensor));
  const notices: string[] = [];
  if (unreached.length > 0) {
    notices.push(`the loss does not depend on ${unreached.join(', ')}: the gradient is zero`);
  }
  if (isFinite(loss) && wrong.length === 0) return notices;
  const what = isFinite(loss)
    ? `the gradient of ${wrong.map(({ name }) => name).join(', ')} is not finite`
    : `the loss is ${String(loss.dataSync()[0])}`;
  const words = `at the initial weights, on the first microbatch, ${what}`;
  if (settings.nonFinite === 'skip') return [...notices, words];
  throw new TrainingError('non-finite', words);
}

function isFinite(tensor: Tensor): boolean {
  return tensor.dataSync<'float32'>().every((value) => Number.isFinite(value));
}
