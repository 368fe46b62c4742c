import { ServerError } from '../errors.ts';

/** One copy of several pieces, in order. */
export function joinBytes(pieces: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.byteLength, 0));
  let offset = 0;
  for (const piece of pieces) {
    whole.set(piece, offset);
    offset += piece.byteLength;
  }
  return whole;
}

/**
 * Cuts `whole` into pieces of the targets' lengths and copies each to its place.
 * @throws ServerError `impossible-state` when it is missing or of another length
 */
export function splitBytes(whole: Uint8Array | undefined, targets: readonly Uint8Array[]): void {
  const expected = targets.reduce((sum, target) => sum + target.byteLength, 0);
  if (whole?.byteLength !== expected) {
    const words = `the state has ${String(whole?.byteLength)} bytes where ${String(expected)} belong`;
    throw new ServerError('impossible-state', words);
  }
  let offset = 0;
  for (const target of targets) {
    target.set(whole.subarray(offset, offset + target.byteLength));
    offset += target.byteLength;
  }
}
