import { createOptimizer, ownersOf } from '@paceline/math';
import { summarise } from '@paceline/protocol';
import type { JobSettings, MessageOf } from '@paceline/protocol';
import type { Objection } from './refusals.ts';
import { shapeOfRun } from '../run/shape.ts';
import type { RunState } from '../run/state.ts';

const floatBytes = Float32Array.BYTES_PER_ELEMENT;
/** Two versions and the sums of a step; the optimizer's slots come on top. */
const copies = 3;
/** Each is an object or two, and a message of its own. */
const mostBuckets = 2 ** 22;
/** The tree of an evaluation has a leaf for some examples each; its arithmetic is in 32 bits. */
const mostExamples = 2 ** 30;

/**
 * What is wrong with the layout that would settle the run: the server makes room by it, so it must not contradict
 * itself, and must fit. A later one is compared with the first, number by number, and needs no such check. Pure.
 */
export function vetLayout(
  layout: MessageOf<'layout'>,
  { shape, config }: Pick<RunState, 'shape' | 'config'>,
  memoryBytes: number,
): Objection | undefined {
  if (shape !== undefined) return undefined;
  const elements = layout.tensors.reduce((sum, tensor) => sum + sizeOf(tensor), 0);
  const neededBytes = floatBytes * (elements * copies + slotElements(layout, config.settings));
  if (neededBytes > memoryBytes) {
    const needs = `needs ${inGigabytes(neededBytes)} of memory`;
    return bad(`its model ${needs}, the server has ${inGigabytes(memoryBytes)}`);
  }
  if (neededBytes > config.settings.bucketBytes * mostBuckets) {
    return bad('its model has too many buckets: raise bucketBytes');
  }
  if (!layout.tensors.some((each) => each.section === 'trainable' && sizeOf(each) > 0)) {
    return bad('its model has nothing to train');
  }
  const scalars = layout.tensors.filter(({ section }) => section === 'scalars');
  const scalarCount = scalars.reduce((sum, tensor) => sum + sizeOf(tensor), 0);
  if (scalarCount !== layout.scalars.length || scalarCount < 2) {
    return bad('its tensors have other scalars than it names');
  }
  if (scalarCount * floatBytes > config.settings.bucketBytes) {
    return bad('its scalars do not fit into one bucket: raise bucketBytes');
  }
  const { train, test } = layout.splits;
  if (train.examples > mostExamples || (test?.examples ?? 0) > mostExamples) {
    return bad(`its data has more than ${String(mostExamples)} examples`);
  }
  try {
    shapeOfRun(layout, config.settings);
    summarise(layout.scalars, new Float32Array(layout.scalars.length));
    return undefined;
  } catch (error) {
    return bad(error instanceof Error ? error.message : String(error));
  }
}

/** What the optimizer keeps beside the parameters. */
function slotElements({ tensors }: MessageOf<'layout'>, { optimizer }: JobSettings): number {
  const { slots, tensorSlots } = createOptimizer(optimizer);
  const trainable = tensors.filter(({ section }) => section === 'trainable');
  const own = tensorSlots.flatMap((slot) => ownersOf(slot, tensors));
  const sum = (of: readonly { readonly shape: readonly number[] }[]): number =>
    of.reduce((all, each) => all + sizeOf(each), 0);
  return sum(trainable) * slots.length + sum(own);
}

function sizeOf({ shape }: { readonly shape: readonly number[] }): number {
  return shape.reduce((size, dimension) => size * dimension, 1);
}

function inGigabytes(bytes: number): string {
  return `${(bytes / 2 ** 30).toFixed(1)} GiB`;
}

function bad(words: string): Objection {
  return { reason: 'bad-layout', words };
}
