import type { ParameterLayout, TensorPlace } from '@paceline/math';
import type { WhichWeights } from '../store/model-weights.ts';
import type { ParameterStore } from '../store/parameter-store.ts';
import type { FileContent } from './files.ts';
import { writeFile, writeFolder } from './files.ts';
import { encodeSafetensorsHead } from './safetensors.ts';
import { entriesOf, parameterSections, tensorsIn } from './tensors.ts';

/** What is saved of a run: its model, and the topology that they belong to (null: core-API form). */
export interface SavedModel {
  readonly store: ParameterStore;
  readonly which: WhichWeights;
  readonly topology: object | null;
  readonly generatedBy: string;
}

/** A model apart from where its numbers are: their bytes come in layout order, in any pieces. */
export interface ModelContent {
  readonly layout: ParameterLayout;
  readonly pieces: Iterable<Uint8Array>;
  readonly topology: object | null;
  readonly generatedBy: string;
}

/** Writes the model of a run as {@link writeModel} does. Blocks. */
export function saveModel(folder: string, { store, which, ...model }: SavedModel): void {
  const { layout } = store;
  writeModel(folder, { ...model, layout, pieces: modelBytes(store, which) });
}

/**
 * Writes a model folder: `model.json` + `weights.bin` as `tf.loadLayersModel` reads them (TensorFlow.js layers-model
 * format), or `weights.safetensors` where there is no topology. The folder is whole or not there; one that is there is
 * replaced. Blocks.
 */
export function writeModel(folder: string, model: ModelContent): void {
  writeFolder(folder, (temporary) => {
    for (const file of modelFiles(model)) writeFile(temporary, file);
  });
}

/** The bytes of a model, one piece a bucket, in layout order. */
function* modelBytes(store: ParameterStore, which: WhichWeights): Generator<Uint8Array> {
  for (const { index, section } of store.buckets) {
    if (parameterSections.includes(section)) yield store.model(index, which);
  }
}

function modelFiles({ layout, pieces, ...model }: ModelContent): readonly FileContent[] {
  const tensors = tensorsIn(layout);
  if (model.topology === null) {
    const head = encodeSafetensorsHead(entriesOf(tensors), { format: 'paceline' });
    return [{ name: 'weights.safetensors', pieces: chain([head], pieces) }];
  }
  return [
    { name: 'weights.bin', pieces },
    { name: 'model.json', pieces: [Buffer.from(JSON.stringify(describeModel(model, tensors)))] },
  ];
}

function describeModel(
  { topology, generatedBy }: Omit<ModelContent, 'layout' | 'pieces'>,
  tensors: readonly TensorPlace[],
): object {
  const weights = tensors.map(({ name, shape }) => ({ name, shape, dtype: 'float32' }));
  return {
    format: 'layers-model',
    generatedBy,
    convertedBy: null,
    modelTopology: topology,
    weightsManifest: [{ paths: ['weights.bin'], weights }],
  };
}

function* chain(...parts: readonly Iterable<Uint8Array>[]): Generator<Uint8Array> {
  for (const part of parts) yield* part;
}
