/** Layers and weights of a LayersModel, nested models included. */
import type { LayersModel, layers, LayerVariable as TfLayerVariable } from '@tensorflow/tfjs';

/** A layer of any kind. */
export type Layer = layers.Layer;

/** A weight of a layer: a tfjs Variable with name, shape and whether it is trainable. */
export type LayerVariable = TfLayerVariable;

/** Whether a layer is itself a model. */
function isContainer(layer: Layer): layer is LayersModel {
  return 'layers' in layer && Array.isArray(layer.layers);
}

/** Where tfjs keeps the layers inside models, wrappers and recurrent layers. */
const innerKeys = ['layers', 'layer', 'forwardLayer', 'backwardLayer', 'cell', 'cells'];

/** All layers, each followed by what is in it: nested models, wrapped layers, cells. */
export function allLayers(model: LayersModel): readonly Layer[] {
  return model.layers.flatMap(withInner);
}

/** All layers that are no models, nested models taken apart, without what is in wrappers and recurrent layers. */
export function outerLayers(model: LayersModel): readonly Layer[] {
  return model.layers.flatMap((layer) => (isContainer(layer) ? outerLayers(layer) : [layer]));
}

/** A layer, followed by what is in it. */
export function withInner(layer: Layer): readonly Layer[] {
  const own = layer as unknown as Readonly<Record<string, unknown>>;
  const inner = innerKeys.flatMap((key): unknown => own[key] ?? []).filter(isLayer);
  return [layer, ...inner.flatMap(withInner)];
}

function isLayer(value: unknown): value is Layer {
  return typeof value === 'object' && value !== null && 'call' in value && 'getConfig' in value;
}

/**
 * All weights layer by layer. Unlike `model.weights`, this order does not depend on which layers are frozen: two models
 * of one topology have it in common.
 */
export function weightsInOrder(model: LayersModel): readonly LayerVariable[] {
  return model.layers.flatMap((layer) =>
    isContainer(layer) ? weightsInOrder(layer) : layer.weights,
  );
}
