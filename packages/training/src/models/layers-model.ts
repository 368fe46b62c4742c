/** Any LayersModel: Sequential or functional, several inputs and outputs, compiled or not. */
import type { LayersModel, Scalar, Tensor, Variable } from '@tensorflow/tfjs';
import type { TensorFlow } from '../backend/interface.ts';
import { TrainingError } from '../errors.ts';
import type { TrainingJob } from '../job.ts';
import { isInWords, operationMessage } from '../operation-errors.ts';
import { canonicalTopology } from './canonical-names.ts';
import { createLayerTracker } from './layer-tracker.ts';
import type { LayerTracker } from './layer-tracker.ts';
import type { LayerVariable } from './layer-tree.ts';
import { layerNames, noticesOf } from './layers-notices.ts';
import { buildLayersModel } from './layers-source.ts';
import { matchWeights } from './example-weights.ts';
import { checkInputs, matchArrays } from './match-arrays.ts';
import type { Socket } from './match-arrays.ts';
import type { Computed, Mode, ModelVariable, TensorBatch, TrainableModel } from './model.ts';
import { planOutputs } from './output-plan.ts';
import type { OutputPlan } from './output-plan.ts';
import { metricCounts, summedLoss } from './output-values.ts';
import { buildSavedTwin, verifySavedTwin } from './saved-twin.ts';
import type { SavedTwin } from './saved-twin.ts';
import { disposeModel, disposingOnError } from './variable-scope.ts';

/**
 * Builds the job's model and everything computed at its outputs. The caller disposes it.
 * @throws {TrainingError} `bad-model`, `unsupported-model`, `unsavable-model`, `bad-loss`, `bad-metric`.
 */
export async function createLayersModel(tf: TensorFlow, job: TrainingJob): Promise<TrainableModel> {
  return disposingOnError(tf, async () => {
    const model = await buildLayersModel(tf, job);
    const topology = canonicalTopology(model.toJSON(null, false) as object);
    const twin = await buildSavedTwin(tf, model, topology);
    return createTrainable({ tf, job, model, topology, twin });
  });
}

interface Parts {
  readonly tf: TensorFlow;
  readonly job: TrainingJob;
  readonly model: LayersModel;
  readonly topology: object;
  readonly twin: SavedTwin;
}

function createTrainable({ tf, job, model, topology, twin }: Parts): TrainableModel {
  const inputs = socketsOf(model, twin.model, 'input');
  const outputs = planOutputs(job, compiledOf(model), socketsOf(model, twin.model, 'output'));
  const names = layerNames(model, twin.model);
  const tracker = createLayerTracker(model, (layer) => names.get(layer) ?? layer.name);
  const forward = createForward({ model, inputs, tracker });
  const metricNames = outputs.flatMap(({ metrics }) => metrics.map((metric) => metric.name));
  let twinModel: LayersModel | undefined = twin.model;
  const disposeTwin = (): void => {
    if (twinModel !== undefined) disposeModel(twinModel);
    twinModel = undefined;
  };
  return {
    variables: variablesOf(model, twin.names),
    topology,
    metricNames,
    labels: outputs.some(({ loss }) => loss.labels === 'classIndex') ? 'index' : 'oneHot',
    notices: noticesOf(model, job),
    compute: (batch, mode) => computeOutputs({ tf, model, outputs, forward }, batch, mode),
    verifySaved(batch) {
      if (twinModel === undefined) return;
      const tensors = matchArrays('input', batch.x, inputs);
      checkInputs(tensors, inputs);
      verifySavedTwin(tf, model, { twin: twinModel, inputs: tensors });
      disposeTwin();
    },
    trackLayers: tracker.track,
    currentLayer: tracker.current,
    dispose() {
      disposeTwin();
      disposeModel(model);
    },
  };
}

type Forward = (batch: TensorBatch, mode: Mode) => readonly Tensor[];

function createForward(o: {
  readonly model: LayersModel;
  readonly inputs: readonly Socket[];
  readonly tracker: LayerTracker;
}): Forward {
  return (batch, mode) => {
    const tensors = matchArrays('input', batch.x, o.inputs);
    checkInputs(tensors, o.inputs);
    try {
      return [o.model.apply(tensors, { training: mode === 'training' })].flat() as Tensor[];
    } catch (error) {
      const layer = o.tracker.current();
      if (layer === undefined || isInWords(error)) throw error;
      throw new TrainingError('bad-shape', `layer "${layer}": ${operationMessage(error)}`, {
        data: { layer },
        cause: error,
      });
    }
  };
}

interface Outputs {
  readonly tf: TensorFlow;
  readonly model: LayersModel;
  readonly outputs: readonly OutputPlan[];
  readonly forward: Forward;
}

function computeOutputs(o: Outputs, batch: TensorBatch, mode: Mode): Computed {
  const { tf, outputs } = o;
  const predictions = o.forward(batch, mode);
  const sockets = outputs.map(({ output }) => output);
  const weights = matchWeights(batch.weights ?? [], sockets);
  const tensors = matchArrays('output', batch.y, sockets).map((labels, index) => ({
    labels,
    // One prediction per output socket: the model has as many outputs as plans.
    predictions: predictions[index] ?? labels,
    examples: batch.examples,
    weights: weights[index],
  }));
  const each = outputs.flatMap((plan, index) => {
    const found = tensors[index];
    return found === undefined ? [] : [{ plan, found }];
  });
  const losses: Scalar[] = each.map(({ plan, found }) => summedLoss(tf, plan, found, mode));
  // Regularisers are in tfjs's training loss, not in that of evaluate().
  if (mode === 'training') {
    losses.push(...o.model.calculateLosses().map((loss) => tf.mul<Scalar>(loss, batch.examples)));
  }
  return {
    loss: losses.reduce((sum, loss) => tf.add(sum, loss)),
    counts: each.flatMap(({ plan, found }) => metricCounts(tf, plan, found)),
  };
}

function socketsOf(model: LayersModel, twin: LayersModel, side: 'input' | 'output'): Socket[] {
  const symbols = side === 'input' ? model.inputs : model.outputs;
  const [original, canonical] = [model, twin].map((one) =>
    side === 'input' ? one.inputNames : one.outputNames,
  );
  return symbols.map((symbol, index) => ({
    name: canonical?.[index] ?? symbol.name,
    originalName: original?.[index] ?? symbol.name,
    shape: symbol.shape,
  }));
}

function compiledOf(model: LayersModel): { readonly loss?: unknown; readonly metrics?: unknown } {
  return { loss: model.loss, metrics: model.metrics };
}

function variablesOf(
  model: LayersModel,
  names: ReadonlyMap<LayerVariable, string>,
): readonly ModelVariable[] {
  const describe = (weight: LayerVariable, trainable: boolean): ModelVariable => ({
    name: names.get(weight) ?? weight.originalName,
    shape: weight.shape.map((dimension) => dimension ?? 0),
    variable: weight.read() as Variable,
    trainable,
  });
  return [
    ...model.trainableWeights.map((weight) => describe(weight, true)),
    ...model.nonTrainableWeights.map((weight) => describe(weight, false)),
  ];
}
