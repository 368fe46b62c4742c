/** What a LayersModel says that the trainer does otherwise: said aloud once, never ignored silently. */
import type { LayersModel } from '@tensorflow/tfjs';
import type { TrainingJob } from '../job.ts';
import { isCompiledMarker } from './job-metrics.ts';
import { allLayers, outerLayers, weightsInOrder, withInner } from './layer-tree.ts';
import type { Layer } from './layer-tree.ts';

/** Lines for the user; empty for most models. */
export function noticesOf(model: LayersModel, job: TrainingJob): readonly string[] {
  return [
    ...compileNotices(model, job),
    ...constraintNotices(model),
    ...regulariserNotices(model),
    ...maskNotices(model),
  ];
}

/** Layers of a model under the names that they have in the saved model, the twin. */
export function layerNames(model: LayersModel, twin: LayersModel): ReadonlyMap<Layer, string> {
  const twins = allLayers(twin);
  return new Map(allLayers(model).map((layer, index) => [layer, twins[index]?.name ?? layer.name]));
}

function compileNotices(
  model: LayersModel,
  { settings, functions }: TrainingJob,
): readonly string[] {
  // tfjs types it as always there.
  const optimizer = model.optimizer as { getClassName(): string } | null | undefined;
  if (optimizer === undefined || optimizer === null) return [];
  const used =
    settings.optimizer === undefined ? "the job's optimizer" : `"${settings.optimizer.type}"`;
  const lines = [
    `the model is compiled with the optimizer ${optimizer.getClassName()}, which is not used: ` +
      `the parameter server updates with ${used} of the job`,
  ];
  const ownLoss = functions.loss ?? settings.loss;
  if (isGiven(ownLoss) && !isCompiledMarker(ownLoss) && isGiven(model.loss)) {
    lines.push('the model is compiled with a loss; the loss of the job is used instead');
  }
  return lines;
}

function isGiven(loss: unknown): boolean {
  if (loss === undefined || loss === null) return false;
  return !(Array.isArray(loss) && loss.length === 0);
}

function constraintNotices(model: LayersModel): readonly string[] {
  const constrained = weightsInOrder(model).filter(
    (weight) => (weight as { readonly constraint?: unknown }).constraint != null,
  );
  return constrained.map(
    (weight) =>
      `the constraint of ${weight.originalName} is not applied after updates (nor does model.fit of tfjs)`,
  );
}

/** tfjs asks a layer for its regularisers, and a recurrent one does not know those of its cells. */
function regulariserNotices(model: LayersModel): readonly string[] {
  const isLeftOut = (layer: Layer): boolean => {
    const counted = new Set(layer.losses);
    return withInner(layer).some((inner) => inner.losses.some((loss) => !counted.has(loss)));
  };
  return outerLayers(model)
    .filter(isLeftOut)
    .map(
      ({ name }) => `the regularisers of ${name} are not in the loss (nor in model.fit of tfjs)`,
    );
}

/** Keras would leave masked steps out of the mean; tfjs does not. */
function maskNotices(model: LayersModel): readonly string[] {
  const isMasking = (layer: Layer): boolean =>
    layer.getClassName() === 'Masking' ||
    (layer as { readonly maskZero?: unknown }).maskZero === true;
  const givesSteps = model.outputs.some(({ shape }) => shape.length > 2);
  if (!givesSteps || !allLayers(model).some(isMasking)) return [];
  return [
    'the loss counts the steps of an output that a mask leaves out (as model.fit of tfjs does); sampleWeight 0 takes them out',
  ];
}
