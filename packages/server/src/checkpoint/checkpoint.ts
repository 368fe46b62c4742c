import { join } from 'node:path';
import type { ParameterStore } from '../store/parameter-store.ts';
import type { WrittenFile } from './files.ts';
import { writeFile, writeFolder } from './files.ts';
import { parameterBytes } from './model.ts';
import { encodeSafetensorsHead } from './safetensors.ts';
import { entriesOf, tensorsIn } from './tensors.ts';

/** What a checkpoint says beside the numbers. */
export interface CheckpointFacts {
  readonly run: string;
  readonly step: number;
  readonly seed: number;
  readonly jobHash: string;
}

/**
 * Writes `step-N` below `folder`: parameters and optimizer slots as safetensors, by tensor and never by bucket, and a
 * manifest with the SHA-256 of each file. The folder is whole or not there. Blocks; returns its path.
 */
export function writeCheckpoint(
  folder: string,
  store: ParameterStore,
  facts: CheckpointFacts,
): string {
  const path = join(folder, `step-${String(facts.step)}`);
  writeFolder(path, (temporary) => {
    const files = [writeParameters(temporary, store, facts)];
    for (const slot of store.slotNames) files.push(writeSlot(temporary, store, slot));
    const manifest = { format: 'paceline-checkpoint', formatVersion: 1, ...facts, files };
    const json = `${JSON.stringify(manifest, null, 2)}\n`;
    writeFile(temporary, { name: 'manifest.json', pieces: [Buffer.from(json)] });
  });
  return path;
}

function writeParameters(
  folder: string,
  store: ParameterStore,
  { step }: CheckpointFacts,
): WrittenFile {
  const head = encodeSafetensorsHead(entriesOf(tensorsIn(store.layout)), { step: String(step) });
  const pieces = [head, ...parameterBytes(store, step)];
  return writeFile(folder, { name: 'parameters.safetensors', pieces });
}

function writeSlot(folder: string, store: ParameterStore, slot: string): WrittenFile {
  const head = encodeSafetensorsHead(entriesOf(tensorsIn(store.layout, ['trainable'])), { slot });
  const bytes = store.buckets
    .filter((bucket) => bucket.section === 'trainable')
    .map((bucket) => store.slot(bucket.index, slot));
  return writeFile(folder, { name: `optimizer-${slot}.safetensors`, pieces: [head, ...bytes] });
}
