import { decodeSafetensors, ServerError } from '@paceline/server';

import { PacelineError } from '../errors.ts';
import type { SavedTensor } from './saved-tensor.ts';

/**
 * The tensors of a safetensors file.
 *
 * @throws PacelineError `weights-unreadable`, naming `file`
 */
export function readSafetensors(file: string, content: Uint8Array): readonly SavedTensor[] {
  try {
    return decodeSafetensors(content);
  } catch (cause) {
    if (!(cause instanceof ServerError)) throw cause;
    const words = `${file} is no safetensors file: ${cause.message}.`;
    throw new PacelineError('weights-unreadable', words, { cause });
  }
}
