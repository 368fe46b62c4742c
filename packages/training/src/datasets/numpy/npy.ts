/** NumPy arrays in files of their own. */
import type { Dataset, DatasetOptions, Shuffle } from '../dataset.ts';
import { digestOf } from '../digest.ts';
import { digestOfStoredFile } from '../file-digest.ts';
import { closeAll, openAll } from '../files/open-all.ts';
import { openPair } from '../files/open-splits.ts';
import { openStoredFile } from '../files/open-file.ts';
import { createNpySplit } from './array-split.ts';
import type { ArrayForm } from './array-split.ts';
import { readNpyHeader } from './npy-header.ts';
import { namedParts } from './names.ts';
import type { OneOrByName } from './names.ts';

/** Files of a split; paths are relative to the working directory. */
export interface NpyFiles {
  readonly x: OneOrByName;
  readonly y: OneOrByName;
  /** Weights of the examples: for all outputs, or by their names. */
  readonly sampleWeight?: OneOrByName | undefined;
}

/** How arrays are given: x is multiplied by `scale`; labels are numbers, or with `classes` what the loss wants of classes. */
export interface ArrayFormSettings {
  readonly shuffle?: Shuffle | undefined;
  readonly scale: number;
  readonly classes?: number | undefined;
}

/** Settings of `{ type: 'npy' }`. */
export interface NpySettings extends ArrayFormSettings {
  readonly type: 'npy';
  readonly train: NpyFiles;
  readonly test?: NpyFiles | undefined;
  readonly split?: { readonly test: number } | undefined;
}

/** @throws {TrainingError} `missing-data`; `bad-data` for a file that is no array of numbers, or does not fit the others. */
export function openNpy(settings: NpySettings, { labels, seed }: DatasetOptions): Dataset {
  const form: ArrayForm = { scale: settings.scale, classes: settings.classes, labels };
  return openPair(settings, seed, (files) => {
    const parts = namedParts(files);
    const all = [...parts.x, ...parts.y, ...parts.weights];
    const opened = openAll(all, ([, path]) => openStoredFile(path));
    const close = (): void => {
      closeAll(opened);
    };
    try {
      const arrays = opened.map((source, i) => ({
        name: all[i]?.[0] ?? '',
        array: { source, header: readNpyHeader(source) },
      }));
      const digest = digestOf(opened.map(digestOfStoredFile));
      const [x, xy] = [parts.x.length, parts.x.length + parts.y.length];
      const sides = { x: arrays.slice(0, x), y: arrays.slice(x, xy), weights: arrays.slice(xy) };
      return createNpySplit({ ...sides, digest, close }, form);
    } catch (error) {
      close();
      throw error;
    }
  });
}
