/** All kinds of data, by the `type` of the settings. */
import { TrainingError } from '../errors.ts';
import type { LocalMarker } from '../local-marker.ts';
import type { ArraysSettings } from './arrays.ts';
import { openArrays } from './arrays.ts';
import { augmentSplit } from './augment/augment.ts';
import type { AugmentSettings } from './augment/settings.ts';
import { openCifar10 } from './cifar10/cifar10.ts';
import type { Cifar10Settings } from './cifar10/cifar10.ts';
import { openCsv } from './csv/csv.ts';
import type { CsvSettings } from './csv/csv.ts';
import { closeDataset } from './dataset.ts';
import type { AnyDataset, DatasetOptions } from './dataset.ts';
import { divideSplit } from './files/divide-split.ts';
import { filterDataset } from './filter/filter.ts';
import { openFunction } from './function.ts';
import type { IdxSettings } from './idx.ts';
import { openIdx } from './idx.ts';
import { openJsonLines } from './json-lines/json-lines.ts';
import type { JsonLinesSettings } from './json-lines/json-lines.ts';
import { openImages } from './images/images.ts';
import type { ImagesSettings } from './images/images.ts';
import type { LinearSettings } from './linear.ts';
import { openLinear } from './linear.ts';
import type { MnistSettings } from './mnist.ts';
import { openMnist } from './mnist.ts';
import { openNpy } from './numpy/npy.ts';
import type { NpySettings } from './numpy/npy.ts';
import { openNpz } from './numpy/npz.ts';
import type { NpzSettings } from './numpy/npz.ts';
import { openParquet } from './parquet/parquet.ts';
import type { ParquetSettings } from './parquet/parquet.ts';
import { openText } from './text/text.ts';
import type { TextSettings } from './text/text.ts';

/** Settings of a kind of data. `function` (and `arrays` with typed arrays) takes its contents from the job's functions. */
type KindSettings =
  | MnistSettings
  | Cifar10Settings
  | IdxSettings
  | ArraysSettings
  | LinearSettings
  | CsvSettings
  | JsonLinesSettings
  | NpySettings
  | NpzSettings
  | ParquetSettings
  | ImagesSettings
  | TextSettings
  | { readonly type: 'function' };

/** Settings of the data. */
export type DataSettings = KindSettings & {
  /** How training examples are changed each time that they are read. */
  readonly augment?: AugmentSettings | undefined;
  /** Stands for an `ExampleFilter` of the job. */
  readonly filter?: LocalMarker | undefined;
};

/**
 * Opens the data of a job. `local` is what the job holds of it beside the settings.
 * @throws {TrainingError} `missing-data`, `bad-data`.
 */
export async function openDataset(
  settings: DataSettings,
  local: unknown,
  options: DatasetOptions,
): Promise<AnyDataset> {
  const { augment, filter } = settings;
  const dataset =
    filter === undefined
      ? await openKind(settings, local, options)
      : await openFiltered(settings, local, options);
  if (augment === undefined) return dataset;
  const plan = { settings: augment, local, seed: options.seed };
  return { ...dataset, train: augmentSplit(dataset.train, plan) };
}

/** What is left is divided, not what is read. */
async function openFiltered(
  settings: KindSettings,
  local: unknown,
  options: DatasetOptions,
): Promise<AnyDataset> {
  const fraction = 'split' in settings ? settings.split?.test : undefined;
  const whole = fraction === undefined ? settings : { ...settings, split: undefined };
  const filtered = await filterDataset(await openKind(whole, local, options), local);
  if (fraction === undefined) return filtered;
  try {
    return divideSplit(filtered.train, fraction, options.seed);
  } catch (error) {
    closeDataset(filtered);
    throw error;
  }
}

async function openKind(
  settings: KindSettings,
  local: unknown,
  options: DatasetOptions,
): Promise<AnyDataset> {
  switch (settings.type) {
    case 'mnist':
      return openMnist(settings, options);
    case 'cifar10':
      return openCifar10(settings, options);
    case 'idx':
      return openIdx(settings, options);
    case 'arrays':
      return openArrays((local ?? settings) as ArraysSettings);
    case 'linear':
      return openLinear(settings, options);
    case 'csv':
      return openCsv(settings, options);
    case 'jsonLines':
      return openJsonLines(settings, options);
    case 'npy':
      return openNpy(settings, options);
    case 'npz':
      return openNpz(settings, options);
    case 'parquet':
      return openParquet(settings, options);
    case 'images':
      return openImages(settings, options);
    case 'text':
      return openText(settings, options);
    case 'function':
      return openFunction(local);
    default:
      throw new TrainingError(
        'bad-data',
        `data.type: there is no "${String((settings as { readonly type: unknown }).type)}"`,
      );
  }
}
