/**
 * The twin of a model: built from the canonical topology, as tf.loadLayersModel will build the saved model. Its weights
 * carry the names that the saved weights must have; that it can be built proves that the saved model will load.
 */
import type { LayersModel, Tensor, Variable } from '@tensorflow/tfjs';
import type { TensorFlow } from '../backend/interface.ts';
import { TrainingError, messageOf } from '../errors.ts';
import { weightsInOrder } from './layer-tree.ts';
import type { LayerVariable } from './layer-tree.ts';

/** The twin, with each weight of the original under its canonical name, in the original's order. */
export interface SavedTwin {
  readonly model: LayersModel;
  readonly names: ReadonlyMap<LayerVariable, string>;
}

/** @throws {TrainingError} `unsavable-model`, with what to do. */
export async function buildSavedTwin(
  tf: TensorFlow,
  original: LayersModel,
  topology: object,
): Promise<SavedTwin> {
  const model = await rebuild(tf, topology);
  return { model, names: pairNames(original, model) };
}

/** Throws unless the twin with the original's weights gives the same predictions, bit for bit; `inputs` is one batch. */
export function verifySavedTwin(
  tf: TensorFlow,
  original: LayersModel,
  { twin, inputs }: { readonly twin: LayersModel; readonly inputs: Tensor[] },
): void {
  const weights = weightsInOrder(original);
  weightsInOrder(twin).forEach((weight, index) => {
    const source = weights[index];
    if (source !== undefined) (weight.read() as Variable).assign(source.read());
  });
  tf.tidy(() => {
    const [expected, found] = [original, twin].map((model) =>
      [model.predictOnBatch(inputs)].flat(),
    );
    expected?.forEach((prediction, index) => {
      if (isSameBits(prediction, found?.[index])) return;
      throw new TrainingError(
        'unsavable-model',
        'the model as it would be saved gives other predictions than the model itself: ' +
          'a custom layer leaves something out of getConfig()',
      );
    });
  });
}

function isSameBits(a: Tensor, b: Tensor | undefined): boolean {
  if (b === undefined) return false;
  const [left, right] = [a.dataSync(), b.dataSync()];
  return left.length === right.length && left.every((value, i) => Object.is(value, right[i]));
}

async function rebuild(tf: TensorFlow, topology: object): Promise<LayersModel> {
  try {
    const { modelFromJSON } = tf.models;
    const json = withoutInitializers(topology) as Parameters<typeof modelFromJSON>[0];
    const model = await modelFromJSON(json);
    // A Sequential model names its inputs and outputs late.
    if (!model.built) model.build([]);
    return model;
  } catch (error) {
    const className = /Unknown layer: (\S+?)[.,]?(\s|$)/.exec(messageOf(error))?.[1];
    const reason =
      className === undefined
        ? `the model cannot be built from its own topology: ${messageOf(error)}`
        : `the model has a layer of the class ${className}, which tfjs does not know when it loads a model: ` +
          `call tf.serialization.registerClass(${className}) in the model function`;
    throw new TrainingError('unsavable-model', reason, { cause: error });
  }
}

/** The twin's weights are overwritten: random or orthogonal numbers for them would only cost time. */
function withoutInitializers(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutInitializers);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]: [string, unknown]) =>
      key.endsWith('_initializer') && isNamedClass(inner)
        ? [key, { class_name: 'Zeros', config: {} }]
        : [key, withoutInitializers(inner)],
    ),
  );
}

function isNamedClass(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'class_name' in value;
}

function pairNames(original: LayersModel, twin: LayersModel): ReadonlyMap<LayerVariable, string> {
  const [weights, twinWeights] = [weightsInOrder(original), weightsInOrder(twin)];
  const names = new Map<LayerVariable, string>();
  const used = new Set<string>();
  weights.forEach((weight, index) => {
    const named = twinWeights[index];
    if (named === undefined || String(named.shape) !== String(weight.shape)) {
      throw new TrainingError(
        'unsavable-model',
        `the model built from its own topology has other weights: ${weight.name} [${weight.shape.join(', ')}] ` +
          'has no counterpart. A custom layer leaves something out of getConfig()',
      );
    }
    checkUnshared(names, weight);
    checkUnused(used, named.originalName);
    used.add(named.originalName);
    names.set(weight, named.originalName);
  });
  return names;
}

function checkUnshared(names: ReadonlyMap<LayerVariable, string>, weight: LayerVariable): void {
  if (!names.has(weight)) return;
  throw new TrainingError(
    'unsavable-model',
    `the weight ${weight.name} belongs to two nested models or wrappers. tfjs saves it twice and loads two ` +
      'separate weights: apply one nested model to several inputs instead of nesting it in several places',
    { data: { weight: weight.name } },
  );
}

function checkUnused(used: ReadonlySet<string>, name: string): void {
  if (!used.has(name)) return;
  throw new TrainingError(
    'unsavable-model',
    `two weights have the name "${name}": layers in different nested models need different names`,
    { data: { weight: name } },
  );
}
