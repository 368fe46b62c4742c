/** Training examples that are changed each time that they are read. */
import { TrainingError } from '../../errors.ts';
import { keyedRandom } from '../../random-streams.ts';
import type { AnySplit, Batch, NamedArray } from '../dataset.ts';
import { augmentByFunction } from './function.ts';
import type { AnyFunction } from './function.ts';
import { augmentImage } from './image.ts';
import type { AugmentSettings, ImageAugmentSettings } from './settings.ts';

/** How examples are changed, and by which seed. */
export interface AugmentPlan {
  readonly settings: AugmentSettings;
  /** What the job holds of the data beside the settings. */
  readonly local: unknown;
  readonly seed: number;
}

/**
 * The same split, whose examples are changed. What is drawn is keyed by seed, step and example, which is read once in a step
 * at most: neither workers nor microbatches show in it, and nothing is lost with a worker. The digest stays: how examples
 * are changed is in the settings.
 */
export function augmentSplit(split: AnySplit, { settings, local, seed }: AugmentPlan): AnySplit {
  const change = changeOf(settings, local);
  return {
    ...split,
    read(indices, step = 0) {
      const keyed = {
        indices,
        randomOf: (index: number) => keyedRandom('augmentation', seed, step, index),
      };
      const batch = split.read(indices, step);
      return batch instanceof Promise
        ? batch.then((later) => change(later, keyed))
        : change(batch, keyed);
    },
  };
}

type Keyed = Parameters<typeof augmentByFunction>[2];

function changeOf(
  settings: AugmentSettings,
  local: unknown,
): (batch: Batch, keyed: Keyed) => Batch {
  if (!('$local' in settings)) return (batch, keyed) => augmentImages(batch, settings, keyed);
  const own: unknown = (local as { readonly augment?: unknown } | undefined)?.augment;
  if (typeof own === 'function') {
    return (batch, keyed) => augmentByFunction(batch, own as AnyFunction, keyed);
  }
  const words = 'data.augment: the function is not here; this worker needs the job file';
  throw new TrainingError('bad-data', words, { data: { field: 'data.augment' } });
}

/** Every input of the shape of an image; those of one example draw the same numbers. */
function augmentImages(batch: Batch, settings: ImageAugmentSettings, keyed: Keyed): Batch {
  if (!batch.x.some(isImages)) throw noImages(batch.x);
  return {
    ...batch,
    x: batch.x.map((array) => (isImages(array) ? augmentArray(array, settings, keyed) : array)),
  };
}

function augmentArray(array: NamedArray, settings: ImageAugmentSettings, keyed: Keyed): NamedArray {
  const [, height = 1, width = 1, channels = 1] = array.shape;
  const size = height * width * channels;
  const given = Float32Array.from(array.values);
  const values = new Float32Array(given.length);
  keyed.indices.forEach((index, row) => {
    const [start, end] = [row * size, (row + 1) * size];
    const image = { from: given.subarray(start, end), into: values.subarray(start, end) };
    const random = keyed.randomOf(index);
    augmentImage(image, { height, width, channels }, { settings, random });
  });
  return { ...array, values };
}

function isImages({ shape }: NamedArray): boolean {
  return shape.length === 4;
}

function noImages(arrays: readonly NamedArray[]): TrainingError {
  const shapes = arrays.map(({ shape }) => `[${shape.slice(1).join(', ')}]`).join(', ');
  const words = `data.augment: is for images [height, width, channels]; x is ${shapes}`;
  return new TrainingError('bad-data', words, { data: { field: 'data.augment' } });
}
