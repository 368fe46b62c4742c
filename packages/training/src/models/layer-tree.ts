/** Layers and weights of a LayersModel, nested models included. */
import type { LayersModel, layers, LayerVariable as TfLayerVariable } from '@tensorflow/tfjs';

/** A layer of any kind. */
export type Layer = layers.Layer;

/** A weight of a layer: a tfjs Variable with name, shape and whether it is trainable. */
export type LayerVariable = TfLayerVariable;

/** Whether a layer is itself a model. */
export function isContainer(layer: Layer): layer is LayersModel {
  return 'layers' in layer && Array.isArray(layer.layers);
}

/** All layers, each nested model followed by what is in it. */
export function allLayers(model: LayersModel): readonly Layer[] {
  return model.layers.flatMap((layer) =>
    isContainer(layer) ? [layer, ...allLayers(layer)] : [layer],
  );
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
