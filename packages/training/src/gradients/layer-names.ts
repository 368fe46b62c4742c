import type { layers } from '@tensorflow/tfjs';

type Layer = layers.Layer;

/**
 * Runs `run` while every layer of `model` says when it is at work; `currentLayer()` is then the
 * path of the innermost one ("encoder/dense_1"), or undefined between layers.
 *
 * Nested models, wrapped layers and cells are told apart. The model is as before afterwards.
 */
export function withLayerNames<T>(
  model: { readonly layers: readonly Layer[] },
  run: (currentLayer: () => string | undefined) => T,
): T {
  const stack: string[] = [];
  const restore: (() => void)[] = [];
  for (const { layer, path } of listLayers(model.layers, '')) {
    restore.push(announce(layer, 'call', path, stack));
    restore.push(announce(layer, 'computeMask', path, stack));
  }
  try {
    return run(() => stack.at(-1));
  } finally {
    for (const undo of restore) undo();
  }
}

interface NamedLayer {
  readonly layer: Layer;
  readonly path: string;
}

function listLayers(candidates: readonly unknown[], parent: string): NamedLayer[] {
  return candidates.filter(isLayer).flatMap((layer) => {
    const path = parent === '' ? layer.name : `${parent}/${layer.name}`;
    return [{ layer, path }, ...listLayers(innerLayers(layer), path)];
  });
}

// Where the layers of TensorFlow.js keep the layers inside them.
const innerKeys = ['layers', 'layer', 'cell', 'cells', 'forwardLayer', 'backwardLayer'];

function innerLayers(layer: Layer): unknown[] {
  const own = layer as unknown as Readonly<Record<string, unknown>>;
  return innerKeys.flatMap((key) => (key in own ? own[key] : []));
}

function isLayer(candidate: unknown): candidate is Layer {
  return typeof candidate === 'object' && candidate !== null && 'call' in candidate && 'name' in candidate;
}

/** Wraps one method of one layer; returns what takes the wrapping off again. */
function announce(
  layer: Layer,
  method: 'call' | 'computeMask',
  path: string,
  stack: string[],
): () => void {
  const before = Object.getOwnPropertyDescriptor(layer, method);
  const original = layer[method].bind(layer) as (...values: unknown[]) => unknown;
  Object.defineProperty(layer, method, {
    configurable: true,
    writable: true,
    value: (...values: unknown[]) => {
      stack.push(path);
      try {
        return original(...values);
      } finally {
        stack.pop();
      }
    },
  });
  return () => {
    if (before === undefined) Reflect.deleteProperty(layer, method);
    else Object.defineProperty(layer, method, before);
  };
}
