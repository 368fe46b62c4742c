import { readdirSync } from 'node:fs';

import { createLayout } from '@paceline/math';
import { modelOfImage, writeModel } from '@paceline/server';

import { PacelineError } from '../errors.ts';
import type { ExportFormat } from './export-formats.ts';
import { readNewestCheckpoint } from './newest-checkpoint.ts';

/** What is exported, and where to. */
export interface ExportOptions {
  /** A run's folder, a folder of checkpoints, or a checkpoint. */
  readonly directory: string;
  readonly to: ExportFormat;
  /** A folder that is not there, or empty. Default: `step-N-FORMAT` in the working folder. */
  readonly out?: string;
}

/** What was exported. */
export interface Exported {
  /** The checkpoint. */
  readonly from: string;
  readonly step: number;
  readonly out: string;
}

/**
 * Writes the model of the newest whole checkpoint: for `tfjs` the `model.json` and `weights.bin` that a run saves at its
 * end, for `safetensors` the `weights.safetensors` with its tensors by name.
 *
 * @throws PacelineError `checkpoint-missing`, `checkpoint-damaged`; `export-impossible` for a job without topology that
 * should become a TensorFlow.js model, or a folder that is in use
 */
export function exportCheckpoint({ directory, to, out: given }: ExportOptions): Exported {
  const image = readNewestCheckpoint(directory);
  const { path, facts } = image;
  const { topology, tensors } = facts.layout;
  if (to === 'tfjs' && topology === null) {
    const words = `${path} is of a job without layers: there is no model that TensorFlow.js could load`;
    throw new PacelineError('export-impossible', `${words}. Export it with --to safetensors.`);
  }
  const out = given ?? `step-${facts.step}-${to}`;
  refuseUsed(out);
  writeModel(out, {
    layout: createLayout(tensors),
    pieces: [modelOfImage(image)],
    topology: to === 'tfjs' ? topology : null,
    generatedBy: 'paceline',
  });
  return { from: path, step: facts.step, out };
}

/** A folder is written as a whole: what is in it would be lost. */
function refuseUsed(folder: string): void {
  let names: readonly string[];
  try {
    names = readdirSync(folder);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return;
    throw new PacelineError('export-impossible', `${folder} is no folder.`, { cause: error });
  }
  if (names.length === 0) return;
  const words = `${folder} is not empty, and nothing is overwritten`;
  throw new PacelineError('export-impossible', `${words}. Give another folder with --out.`);
}
