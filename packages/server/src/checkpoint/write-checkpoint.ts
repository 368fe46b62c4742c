import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { ServerError } from '../errors.ts';
import { explainDiskError } from './disk-errors.ts';
import { removeFolder, writeFile, writeFolder } from './files.ts';
import { stepName } from './folder-names.ts';
import { encodeImage } from './image-files.ts';
import { stepsIn } from './list-checkpoints.ts';
import { encodeManifest, manifestName } from './manifest.ts';
import { moveAside } from './move-aside.ts';
import type { CheckedCheckpoint } from './read-checkpoint.ts';
import { checkCheckpoint } from './read-checkpoint.ts';
import type { Retention } from './retention.ts';
import { stepsToDelete } from './retention.ts';
import type { CheckpointImage, WrittenCheckpoint } from './storage.ts';
import type { Validity } from './validity.ts';

/**
 * Writes an image as `step-N` of a folder, durably, and then deletes what `retention` does not keep. A `step-N` that is
 * whole and of the same job is kept as it is; one that is damaged is moved aside. Blocks.
 * @throws ServerError `checkpoint-failed`, in words
 */
export function writeCheckpoint(
  folder: string,
  image: CheckpointImage,
  o: { readonly retention: Retention; readonly validity: Validity },
): Omit<WrittenCheckpoint, 'tookMs'> {
  const path = join(folder, stepName(image.facts.step));
  try {
    const checked = keepPresent(folder, path, image) ?? writeNew(path, image);
    o.validity.trust(checked);
    prune(folder, image.facts.step, o);
    return { path, bytes: checked.bytes };
  } catch (error) {
    if (error instanceof ServerError) throw error;
    throw new ServerError('checkpoint-failed', explainDiskError(error, path), { cause: error });
  }
}

/** The checkpoint that is there already, if it will do; it is out of the way otherwise. */
function keepPresent(
  folder: string,
  path: string,
  { facts }: CheckpointImage,
): CheckedCheckpoint | undefined {
  if (lstatSync(path, { throwIfNoEntry: false }) === undefined) return undefined;
  const present = checkedOrNot(path);
  if (present === undefined) {
    moveAside(folder, stepName(facts.step));
    return undefined;
  }
  const isSameJob =
    present.facts.jobHash === facts.jobHash && present.facts.layoutHash === facts.layoutHash;
  if (isSameJob) return present;
  const words = 'a checkpoint of another job is there; give this run a folder of its own';
  throw new ServerError('checkpoint-failed', `${path}: ${words}`);
}

function checkedOrNot(path: string): CheckedCheckpoint | undefined {
  try {
    return checkCheckpoint(path);
  } catch (error) {
    const isDamaged = error instanceof ServerError && error.code === 'checkpoint-damaged';
    if (isDamaged) return undefined;
    throw error;
  }
}

function writeNew(path: string, image: CheckpointImage): CheckedCheckpoint {
  const { facts } = image;
  return writeFolder(path, (temporary) => {
    const files = encodeImage(image).map((file) => writeFile(temporary, file));
    const manifest = encodeManifest({ facts, files });
    const written = writeFile(temporary, { name: manifestName, pieces: [manifest] });
    const bytes = files.reduce((sum, file) => sum + file.bytes, written.bytes);
    return { path, facts, files, bytes };
  });
}

/** The checkpoint is durable whatever happens here: what cannot be deleted is tried again after the next one. */
function prune(
  folder: string,
  written: number,
  { retention, validity }: { readonly retention: Retention; readonly validity: Validity },
): void {
  const valid = stepsIn(folder).filter((step) => validity.isValid(join(folder, stepName(step))));
  for (const step of stepsToDelete(valid, written, retention)) {
    try {
      removeFolder(join(folder, stepName(step)));
    } catch {
      // See above.
    }
  }
}
