import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseFolderName, stepName } from './folder-names.ts';

/** The steps of the checkpoints in a folder, whole or not, in order. Blocks. */
export function stepsIn(folder: string): readonly number[] {
  return readdirSync(folder)
    .map(parseFolderName)
    .flatMap((name) => (name?.kind === 'step' ? [name.step] : []))
    .sort((a, b) => a - b);
}

/** Paths of the checkpoints in a folder, whole or not, in the order of their steps. Blocks. */
export function listCheckpoints(folder: string): readonly string[] {
  return stepsIn(folder).map((step) => join(folder, stepName(step)));
}
