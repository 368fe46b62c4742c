import { mkdirSync, readdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { ServerError } from '../errors.ts';
import { explainDiskError } from './disk-errors.ts';
import { syncFolder } from './files.ts';
import { stepName } from './folder-names.ts';
import { stepsIn } from './list-checkpoints.ts';
import { moveAside } from './move-aside.ts';
import { readCheckpoint } from './read-checkpoint.ts';
import type { OpenedStorage } from './storage.ts';
import { sweep } from './sweep.ts';
import { takeTerm } from './term.ts';

/**
 * Opens a folder of checkpoints, which is made if it is not there: takes a term, finds the newest checkpoint that is
 * whole, moves damaged ones aside and sweeps what dead processes left. Blocks.
 * @throws ServerError `checkpoints-unusable` when the folder cannot be made or read
 */
export function openFolder(folder: string): OpenedStorage {
  const notices: string[] = [];
  try {
    makeFolder(folder);
    readdirSync(folder);
  } catch (error) {
    const words = `no checkpoints can be kept in ${explainDiskError(error, folder)}`;
    throw new ServerError('checkpoints-unusable', words, { cause: error });
  }
  const newest = findNewest(folder, notices);
  notices.push(...sweep(folder));
  const { term, notice } = takeTerm(folder, newest?.facts.term ?? 0);
  if (notice !== undefined) notices.push(notice);
  return { term, newest, notices };
}

function makeFolder(folder: string): void {
  const whole = resolve(folder);
  // Node names the first folder that it made as it was asked: of a relative path, it would never be met on the way up.
  const made = mkdirSync(whole, { recursive: true });
  if (made === undefined) return;
  // Each new folder is a name in the one above it, which a power cut must not lose.
  for (let above = whole; above !== dirname(made); above = dirname(above)) {
    syncFolder(dirname(above));
  }
}

function findNewest(folder: string, notices: string[]): OpenedStorage['newest'] {
  for (const step of stepsIn(folder).toReversed()) {
    const name = stepName(step);
    try {
      const found = readCheckpoint(join(folder, name));
      if (found.facts.step === step) return found;
      const words = `it is of step ${String(found.facts.step)}`;
      notices.push(setAside(folder, name, words));
    } catch (error) {
      if (!(error instanceof ServerError)) throw error;
      if (error.code === 'checkpoints-unusable') throw error;
      const isOurs = error.code !== 'checkpoint-format';
      notices.push(isOurs ? setAside(folder, name, error.message) : leftAlone(name, error));
    }
  }
  return undefined;
}

function setAside(folder: string, name: string, why: string): string {
  try {
    return `${name} is damaged (${why}); moved aside as ${moveAside(folder, name)}`;
  } catch (error) {
    const words = explainDiskError(error, folder);
    return `${name} is damaged (${why}) and cannot be moved aside: ${words}`;
  }
}

function leftAlone(name: string, { message }: ServerError): string {
  return `${name} was left alone: ${message}`;
}
