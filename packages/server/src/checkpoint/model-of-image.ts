import { averageSlot } from '@paceline/math';
import { givesBest } from '../stopping/early-stopping.ts';
import type { CheckpointImage } from './storage.ts';

/**
 * The weights that the run of a checkpoint gives away, evaluates and saves: like its parameters, but averaged where it averages
 * them, and the best ones where it had finished and was to restore those. The caller's, unless they are the parameters themselves.
 */
export function modelOfImage(image: CheckpointImage): Uint8Array {
  const { parameters, slots, best, sections, facts } = image;
  const isBest = givesBest(facts.settings.until, sections['progress']?.['ended']);
  const changed = (isBest ? best : undefined) ?? slots[averageSlot];
  if (changed === undefined) return parameters;
  // Trainable tensors are first in the order of a layout, then state, then what is frozen.
  const model = parameters.slice();
  model.set(changed);
  return model;
}
