import { describeLayersModel } from '@paceline/training';
import type { DescribedModel, TensorFlow } from '@paceline/training';

import { PacelineError } from '../errors.ts';
import { countExamples, readArrays } from './arrays.ts';
import type { Socket } from './arrays.ts';
import { readArguments } from './arguments.ts';
import type { FitArguments } from './arguments.ts';
import { divide } from './divide.ts';
import type { Arrays, Divided } from './divide.ts';
import { stepsPerEpoch } from './epochs.ts';
import type { EpochShape } from './epochs.ts';
import { findSetup } from './find-setup.ts';
import { findTensorFlow } from './find-tensorflow.ts';
import type { LayersModel } from './find-tensorflow.ts';
import { nameOf, planLogs } from './log-plan.ts';
import type { LogPlan } from './log-plan.ts';
import { optimizerForm } from './optimizer-form.ts';
import type { OptimizerForm } from './optimizer-form.ts';
import type { StatefulOptimizer } from './optimizer-state.ts';
import { ownClasses } from './own-classes.ts';
import { readCompiled } from './read-compiled.ts';
import type { CompiledMeasures, Measure } from './read-compiled.ts';
import { readSampleWeights } from './sample-weights.ts';
import type { FitData, FitModel, FitOptions, FitParams } from './types.ts';

/** A call of `train(model, data, options)`, read and checked. */
export interface FitCall {
  readonly tf: TensorFlow;
  readonly model: FitModel;
  readonly options: FitOptions;
  readonly numbers: FitArguments;
  readonly described: DescribedModel;
  readonly compiled: CompiledMeasures;
  readonly plan: LogPlan;
  readonly form: OptimizerForm;
  readonly optimizer: StatefulOptimizer;
  readonly divided: Divided;
  readonly shape: EpochShape;
  readonly params: FitParams;
  /** URL of the module that registers classes. */
  readonly setup: string | undefined;
}

/**
 * Reads a call: everything that can be wrong with it is said here.
 *
 * @throws PacelineError; TrainingError for a model that cannot be trained or saved
 */
export async function readCall(
  model: FitModel,
  data: FitData,
  options: FitOptions,
): Promise<FitCall> {
  const tf = findTensorFlow(model, options.tf);
  const layers = model as unknown as LayersModel;
  const numbers = readArguments(options);
  const compiled = readCompiled(tf, model);
  const form = optimizerForm(tf, model.optimizer);
  checkTrainable(layers);
  const described = await describeLayersModel(tf, layers);
  const setup = await findSetup(options.setup);
  checkClasses(described.topology, setup);
  const divided = await readData(layers, { data, options, losses: compiled.losses });
  const plan = planLogs(compiled, model.metricsNames, described.outputNames);
  const examples = divided.train.x[0]?.shape[0] ?? 0;
  const { batchSize, initialEpoch, epochs } = numbers;
  const shape = { examples, batchSize, firstEpoch: initialEpoch };
  const doValidation = divided.test !== undefined;
  const params: FitParams = {
    ...{ epochs, initialEpoch, batchSize, doValidation },
    samples: examples,
    steps: stepsPerEpoch(shape),
    verbose: Number(options.verbose ?? 0),
    metrics: [...plan.names, ...(doValidation ? plan.names.map((name) => `val_${name}`) : [])],
  };
  const optimizer = model.optimizer as StatefulOptimizer;
  return {
    tf,
    model,
    options,
    numbers,
    described,
    compiled,
    plan,
    form,
    optimizer,
    divided,
    shape,
    params,
    setup,
  };
}

/** compile() remembers which weights are trained: `fit` goes by that, a job by the layers. */
function checkTrainable(model: LayersModel): void {
  const { collectedTrainableWeights: collected = [] } = compiledPartOf(model);
  const now = new Set<unknown>(model.trainableWeights);
  if (collected.length === now.size && collected.every((weight) => now.has(weight))) return;
  throw new PacelineError(
    'not-compiled',
    'Layers were frozen, or are trained again, since the model was compiled. Call model.compile() once more.',
  );
}

/** A Sequential has a model inside, which it compiles and fits. */
function compiledPartOf(model: LayersModel): {
  readonly collectedTrainableWeights?: readonly unknown[];
} {
  return 'model' in model && model.model !== null ? (model.model as object) : (model as object);
}

function checkClasses(topology: object, setup: string | undefined): void {
  const [own] = ownClasses(topology);
  if (own === undefined || setup !== undefined) return;
  const where = own.layer === '' ? 'The model' : `The layer "${own.layer}"`;
  throw new PacelineError(
    'cannot-travel',
    `${where} has the class ${own.className} of this program, and the workers are other processes. Put it into a module ` +
      `of its own that registers it: export function setup(tf) { tf.serialization.registerClass(${own.className}); } ` +
      "and name the module: { setup: new URL('./my-layers.js', import.meta.url).href }.",
  );
}

interface DataParts {
  readonly data: FitData;
  readonly options: FitOptions;
  readonly losses: readonly Measure[];
}

async function readData(
  model: LayersModel,
  { data, options, losses }: DataParts,
): Promise<Divided> {
  if (typeof data !== 'object' || !('x' in data && 'y' in data)) {
    throw new PacelineError('bad-data', 'train(model, data, options) takes the data as { x, y }.');
  }
  const inputs = model.inputs.map((input, i): Socket => socket(model.inputNames[i], input.shape));
  const outputs = model.outputs.map((output, i): Socket => {
    const isSparse = /^sparse/.test(nameOf(losses[i] ?? ''));
    const shape = isSparse ? [...output.shape.slice(0, -1), 1] : output.shape;
    return socket(model.outputNames[i], shape);
  });
  const all: Arrays = {
    x: await readArrays('x', data.x, inputs),
    y: await readArrays('y', data.y, outputs),
    sampleWeight: await readSampleWeights('sampleWeight', options.sampleWeight, outputs),
  };
  const examples = countExamples([...all.x, ...all.y, ...all.sampleWeight]);
  const { validationData } = options;
  if (validationData === undefined || validationData.length < 2) {
    return divide(all, examples, options.validationSplit);
  }
  const [x, y, sampleWeight] = validationData;
  const test: Arrays = {
    x: await readArrays('validationData[0]', x, inputs),
    y: await readArrays('validationData[1]', y, outputs),
    sampleWeight: await readSampleWeights('validationData[2]', sampleWeight, outputs),
  };
  countExamples([...test.x, ...test.y, ...test.sampleWeight]);
  return { train: all, test };
}

function socket(name: string | undefined, shape: readonly (number | null)[]): Socket {
  return { name: name ?? '', shape };
}
