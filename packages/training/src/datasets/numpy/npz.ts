/** NumPy arrays in an archive. */
import { TrainingError } from '../../errors.ts';
import type { Dataset, DatasetOptions, Split } from '../dataset.ts';
import { digestOf } from '../digest.ts';
import { digestOfStoredFile } from '../file-digest.ts';
import { openPair } from '../files/open-splits.ts';
import { openStoredFile } from '../files/open-file.ts';
import type { StoredFile } from '../files/stored-file.ts';
import { openMember, readZipDirectory } from '../files/zip.ts';
import type { ZipMember } from '../files/zip.ts';
import { createNpySplit } from './array-split.ts';
import type { ArrayForm, NamedNpyArray } from './array-split.ts';
import { namedParts } from './names.ts';
import type { Parts } from './names.ts';
import { readNpyHeader } from './npy-header.ts';
import type { ArrayFormSettings } from './npy.ts';

/** An archive and the names of its arrays. */
export interface NpzArrays extends Parts {
  readonly file: string;
}

/** Settings of `{ type: 'npz' }`. Arrays that are not compressed (`np.savez`) stay in the file, others are unpacked into memory. */
export interface NpzSettings extends ArrayFormSettings {
  readonly type: 'npz';
  readonly train: NpzArrays;
  readonly test?: NpzArrays | undefined;
  readonly split?: { readonly test: number } | undefined;
}

/** @throws {TrainingError} `missing-data`; `bad-data` for what is no archive, or an array that is not in it or no numbers. */
export function openNpz(settings: NpzSettings, { labels, seed }: DatasetOptions): Dataset {
  const form: ArrayForm = { scale: settings.scale, classes: settings.classes, labels };
  return openPair(settings, seed, (arrays) => {
    const file = openStoredFile(arrays.file);
    try {
      return openArrays(file, arrays, form);
    } catch (error) {
      file.close();
      throw error;
    }
  });
}

function openArrays(file: StoredFile, arrays: NpzArrays, form: ArrayForm): Split {
  const members = readZipDirectory(file);
  const open = ([name, array]: readonly [string, string]): NamedNpyArray => {
    const source = openMember(file, memberOf(file, members, array));
    return { name, array: { source, header: readNpyHeader(source) } };
  };
  const { x, y, weights } = namedParts(arrays);
  const names = weights.length === 0 ? [x, y] : [x, y, weights];
  const digest = digestOf([digestOfStoredFile(file), JSON.stringify(names)]);
  const sides = { x: x.map(open), y: y.map(open), weights: weights.map(open) };
  return createNpySplit({ ...sides, digest, close: file.close }, form);
}

function memberOf({ path }: StoredFile, members: readonly ZipMember[], array: string): ZipMember {
  const member = members.find(({ name }) => name === `${array}.npy`);
  if (member !== undefined) return member;
  const names = members.map(({ name }) => name.replace(/\.npy$/, '')).join(', ');
  throw new TrainingError(
    'bad-data',
    `${path} has no array ${JSON.stringify(array)}; it has ${names}`,
    {
      data: { path, array },
    },
  );
}
