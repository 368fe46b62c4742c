/** The functional form for users of the core API: named parameters and a loss function, no layers. */
import type { Scalar, Tensor } from '@tensorflow/tfjs';
import type { Backend, TensorFlow } from '../backend/interface.ts';
import { TrainingError } from '../errors.ts';
import type { FunctionalBatch, FunctionalLoss, ParameterTensors, TrainingJob } from '../job.ts';
import type { MetricSum } from '../metrics/metric.ts';
import { createMetric } from '../metrics/registry.ts';
import { isInWords, operationMessage } from '../operation-errors.ts';
import { sumOverExamples } from '../sum-over-examples.ts';
import { isList, metricsOf } from './job-metrics.ts';
import type { ModelVariable, NamedTensor, TensorBatch, TrainableModel } from './model.ts';
import { initialValues } from './parameter-init.ts';
import type { ParameterSpec } from './parameter-init.ts';

/**
 * Makes the parameters and follows the job's loss. The caller disposes it.
 * @throws {TrainingError} `bad-model`, `bad-loss`, `bad-metric`.
 */
export function createFunctionalModel(backend: Backend, job: TrainingJob): TrainableModel {
  const { tf } = backend;
  const { loss } = job.functions;
  if (typeof loss !== 'function') {
    throw new TrainingError(
      'bad-loss',
      'loss: the functional form needs a function (tf, parameters, batch) => mean loss of the batch',
    );
  }
  const metrics = functionalMetrics(tf, job);
  const variables = createVariables(backend, job);
  const parameters = Object.fromEntries(variables.map(({ name, variable }) => [name, variable]));
  return {
    variables,
    topology: null,
    metricNames: metrics.map(({ name }) => name),
    labels: 'oneHot',
    notices: [],
    compute(batch) {
      const fields = fieldsOf(batch);
      const value = summedLoss(tf, loss as FunctionalLoss, { parameters, fields, batch });
      const counts = metrics.map((metric) =>
        sumOverExamples(tf, metric.values(parameters, fields), batch.examples),
      );
      return { loss: value, counts };
    },
    verifySaved: () => undefined,
    trackLayers: (body) => body(),
    currentLayer: () => undefined,
    dispose() {
      tf.dispose(variables.map(({ variable }) => variable));
    },
  };
}

function createVariables(backend: Backend, { functions, settings }: TrainingJob): ModelVariable[] {
  const specs = Object.entries(functions.parameters ?? {}) as readonly [string, ParameterSpec][];
  if (specs.length === 0) {
    throw new TrainingError('bad-model', 'parameters: the functional form needs at least one');
  }
  const made = specs.map(([name, spec], index) => {
    checkShape(name, spec);
    const values = initialValues(name, spec, { seed: settings.seed, index });
    const trainable = spec.trainable ?? true;
    const initial = backend.fromFlat(values, spec.shape);
    const variable = backend.tf.variable(initial, trainable);
    initial.dispose();
    return { name, shape: [...spec.shape], variable, trainable };
  });
  return [...made.filter((one) => one.trainable), ...made.filter((one) => !one.trainable)];
}

function checkShape(name: string, spec: unknown): void {
  const { shape } = (spec ?? {}) as Partial<ParameterSpec>;
  const isDimension = (value: unknown): boolean =>
    Number.isSafeInteger(value) && Number(value) >= 1;
  if (Array.isArray(shape) && shape.every(isDimension)) return;
  throw new TrainingError(
    'bad-model',
    `parameters.${name}.shape: must be a list of whole numbers >= 1 ([] is a scalar), got ${JSON.stringify(shape)}`,
  );
}

function fieldsOf({ x, y, weights }: TensorBatch): FunctionalBatch {
  const fields = { x: fieldOf(x), y: fieldOf(y) };
  return weights === undefined ? fields : { ...fields, sampleWeight: fieldOf(weights) };
}

function fieldOf(tensors: readonly NamedTensor[]): Tensor | Readonly<Record<string, Tensor>> {
  const [only] = tensors;
  if (tensors.length === 1 && only?.name === '') return only.tensor;
  return Object.fromEntries(tensors.map(({ name, tensor }) => [name, tensor]));
}

interface LossCall {
  readonly parameters: ParameterTensors;
  readonly fields: FunctionalBatch;
  readonly batch: TensorBatch;
}

function summedLoss(tf: TensorFlow, loss: FunctionalLoss, call: LossCall): Scalar {
  let value: Tensor;
  try {
    value = loss(tf, call.parameters, call.fields);
  } catch (error) {
    if (isInWords(error)) throw error;
    const shapes = [...call.batch.x, ...call.batch.y].map(({ name, tensor }) => {
      return `${name === '' ? 'a tensor' : name} [${tensor.shape.join(', ')}]`;
    });
    throw new TrainingError(
      'bad-loss',
      `loss: the function threw for ${shapes.join(', ')}: ${operationMessage(error)}`,
      { cause: error },
    );
  }
  if (!(value instanceof tf.Tensor)) {
    throw new TrainingError('bad-loss', `loss: must return a tensor, got ${typeof value}`);
  }
  const { examples } = call.batch;
  const isPerExample = value.rank === 1 && value.shape[0] === examples;
  if (value.rank === 0 || isPerExample) return sumOverExamples(tf, value, examples);
  throw new TrainingError(
    'bad-loss',
    `loss: must return a scalar or one value per example, got shape [${value.shape.join(', ')}]`,
  );
}

interface FunctionalMetric {
  readonly name: string;
  readonly values: (parameters: ParameterTensors, batch: FunctionalBatch) => Tensor;
}

/** A function is called like the loss; a name needs `predict`, which gives what labels are compared with. */
function functionalMetrics(tf: TensorFlow, job: TrainingJob): readonly FunctionalMetric[] {
  const metrics = metricsOf(job) ?? [];
  if (!isList(metrics)) {
    throw new TrainingError('bad-metric', 'metrics: must be a list, for there are no outputs');
  }
  return metrics.flatMap((metric, index): readonly FunctionalMetric[] => {
    if (typeof metric === 'string') return namedMetric(tf, metric, job.functions.predict);
    const compute = metric as FunctionalLoss;
    const name = compute.name === '' ? `metric${String(index)}` : compute.name;
    return [{ name, values: (parameters, batch) => compute(tf, parameters, batch) }];
  });
}

function namedMetric(tf: TensorFlow, name: string, given: unknown): readonly FunctionalMetric[] {
  if (typeof given !== 'function') {
    throw new TrainingError(
      'bad-metric',
      `metrics: "${name}" compares labels with predictions, and the functional form has none: ` +
        'give predict: (tf, parameters, batch) => tensor, or the metric as such a function',
    );
  }
  const predict = given as FunctionalLoss;
  // Which metric a general name is shows in the width of the predictions; what its sums are called does not depend on it.
  let sums: readonly MetricSum[] | undefined;
  return createMetric(name, {}).map((sum, index) => ({
    name: sum.name,
    values(parameters, batch) {
      const predictions = predict(tf, parameters, batch);
      sums ??= createMetric(name, { width: predictions.shape.at(-1) });
      return (sums[index] ?? sum).values(tf, batch.y as Tensor, predictions);
    },
  }));
}
