import type { CheckpointImage } from './storage.ts';

/** An image ready to be posted to a thread, and the buffers that move there instead of being copied. */
export interface GivenImage {
  readonly image: CheckpointImage;
  readonly transfer: readonly ArrayBuffer[];
}

/**
 * Prepares an image for another thread. A vector that fills its buffer moves, and is detached here; shared memory is
 * shared; a vector that is a part of a larger buffer is copied.
 */
export function giveAway(image: CheckpointImage): GivenImage {
  const transfer = new Set<ArrayBuffer>();
  const prepare = (bytes: Uint8Array): Uint8Array => {
    if (!(bytes.buffer instanceof ArrayBuffer)) return bytes;
    const isWhole = bytes.byteLength === bytes.buffer.byteLength;
    const whole = isWhole ? bytes : bytes.slice();
    transfer.add(whole.buffer as ArrayBuffer);
    return whole;
  };
  const slots = Object.entries(image.slots).map(([slot, bytes]) => [slot, prepare(bytes)] as const);
  const given = {
    ...image,
    parameters: prepare(image.parameters),
    slots: Object.fromEntries(slots),
    ...(image.best === undefined ? {} : { best: prepare(image.best) }),
  };
  return { image: given, transfer: [...transfer] };
}
