import type { Section, TensorPlace } from '@paceline/math';
import type { ParameterStore } from '../store/parameter-store.ts';
import type { FileContent } from './files.ts';
import { writeFile, writeFolder } from './files.ts';
import { encodeSafetensorsHead } from './safetensors.ts';

const parameterSections: readonly Section[] = ['trainable', 'state', 'frozen'];

/** What is saved of a run: the numbers of a version, and the topology that they belong to (null: core-API form). */
export interface SavedModel {
  readonly store: ParameterStore;
  readonly version: number;
  readonly topology: object | null;
  readonly generatedBy: string;
}

/**
 * Writes a model folder: `model.json` + `weights.bin` as `tf.loadLayersModel` reads them (TensorFlow.js layers-model
 * format), or `weights.safetensors` where there is no topology. The folder is whole or not there. Blocks.
 */
export function saveModel(folder: string, model: SavedModel): void {
  writeFolder(folder, (temporary) => {
    for (const file of modelFiles(model)) writeFile(temporary, file);
  });
}

/** The bytes of all tensors of sections at a version, one piece a bucket, in layout order. */
export function* parameterBytes(
  store: ParameterStore,
  version: number,
  sections: readonly Section[] = parameterSections,
): Generator<Uint8Array> {
  for (const { index, section } of store.buckets) {
    if (sections.includes(section)) yield store.parameters(index, version);
  }
}

/** The tensors of sections in the order of {@link parameterBytes}. */
export function tensorsIn(
  store: ParameterStore,
  sections: readonly Section[] = parameterSections,
): readonly TensorPlace[] {
  return store.layout.tensors.filter((tensor) => sections.includes(tensor.section));
}

function modelFiles(model: SavedModel): readonly FileContent[] {
  const { store, version, topology } = model;
  const tensors = tensorsIn(store);
  if (topology === null) {
    const entries = tensors.map(({ name, shape, size }) => ({ name, shape, bytes: size * 4 }));
    const head = encodeSafetensorsHead(entries, { format: 'paceline' });
    return [{ name: 'weights.safetensors', pieces: chain([head], parameterBytes(store, version)) }];
  }
  const manifest = {
    format: 'layers-model',
    generatedBy: model.generatedBy,
    convertedBy: null,
    modelTopology: topology,
    weightsManifest: [
      {
        paths: ['weights.bin'],
        weights: tensors.map(({ name, shape }) => ({ name, shape, dtype: 'float32' })),
      },
    ],
  };
  return [
    { name: 'weights.bin', pieces: parameterBytes(store, version) },
    { name: 'model.json', pieces: [Buffer.from(JSON.stringify(manifest))] },
  ];
}

function* chain(...parts: readonly Iterable<Uint8Array>[]): Generator<Uint8Array> {
  for (const part of parts) yield* part;
}
