import { Packr } from 'msgpackr';

import type { ControlMessage, TensorHeader } from '../messages.ts';
import { checksumBytes, writeChecksum } from './checksum.ts';
import { definitionOf } from './definitions.ts';
import { tensorHeadroomBytes, writeTensorPrefix } from './tensor-prefix.ts';

const packr = new Packr({ useRecords: false, variableMapSize: true, encodeUndefinedAsNil: true });

/**
 * Encodes a message without payload as a frame of its own, which the caller owns. Fields beyond those
 * of the message do not travel; half a surrogate pair becomes U+FFFD, since a peer refuses broken UTF-8.
 */
export function encodeMessage(message: ControlMessage): Uint8Array {
  const { code, fields } = definitionOf(message.kind);
  const header: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(message)) {
    if (name in fields && value !== undefined) header[name] = wellFormed(value);
  }
  return packr.pack([code, header]);
}

/**
 * Encodes a tensor message into a fresh contiguous frame, copying `payload`. For the hot path there is
 * `writeTensorPrefix`, which copies nothing.
 */
export function encodeTensorMessage(
  header: TensorHeader,
  payload: Uint8Array,
  o: { readonly checksum?: boolean } = {},
): Uint8Array {
  const end = tensorHeadroomBytes + payload.length;
  const frame = new Uint8Array(end + checksumBytes);
  frame.set(payload, tensorHeadroomBytes);
  const { start } = writeTensorPrefix(frame, tensorHeadroomBytes, header);
  return frame.subarray(start, o.checksum === true ? writeChecksum(frame, start, end) : end);
}

function wellFormed(value: unknown): unknown {
  return typeof value === 'string' ? value.toWellFormed() : value;
}
