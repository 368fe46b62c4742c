/** Which layer is being called: for errors that tfjs throws from inside a layer, in words of the model. */
import type { LayersModel } from '@tensorflow/tfjs';
import { allLayers } from './layer-tree.ts';
import type { Layer } from './layer-tree.ts';

/** Follows the calls of layers while `track` runs. */
export interface LayerTracker {
  track<T>(body: () => T): T;
  /** The innermost layer being called; after an error the innermost at which it was thrown. */
  current(): string | undefined;
}

/** `nameOf` gives a layer's name as users should read it. The model's layers are as before when `track` returns. */
export function createLayerTracker(
  model: LayersModel,
  nameOf: (layer: Layer) => string,
): LayerTracker {
  let stack: readonly string[] = [];
  let failedIn: string | undefined;
  const follow = (layer: Layer): (() => void) => {
    const call = layer.call.bind(layer);
    layer.call = (...values) => {
      const outer = stack;
      stack = [...outer, nameOf(layer)];
      try {
        return call(...values);
      } catch (error) {
        failedIn ??= stack.at(-1);
        throw error;
      } finally {
        stack = outer;
      }
    };
    return () => {
      // The method of the class shows through again.
      Reflect.deleteProperty(layer, 'call');
    };
  };
  return {
    track(body) {
      failedIn = undefined;
      const restore = [...new Set(allLayers(model))].map(follow);
      try {
        return body();
      } finally {
        restore.forEach((undo) => {
          undo();
        });
      }
    },
    current: () => stack.at(-1) ?? failedIn,
  };
}
