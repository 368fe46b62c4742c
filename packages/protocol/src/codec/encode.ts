import { copyBytes } from '../copy-bytes.ts';
import type { ControlMessage, TensorHeader } from '../messages.ts';
import { checksumField, sealFrame, unknownChecksum } from './checksum.ts';
import { definitionOf } from './definitions.ts';
import { Packr } from './msgpack.ts';
import { tensorHeadroomBytes, writeTensorPrefix } from './tensor-prefix.ts';

const packr = new Packr({ useRecords: false, variableMapSize: true, encodeUndefinedAsNil: true });

/** How a frame is made. */
export interface FrameOptions {
  /** Ends the header with a checksum of the frame: where the network may change bits. */
  readonly checksum?: boolean;
}

/**
 * Encodes a message without payload as a frame of its own, which the caller owns. Fields beyond those
 * of the message do not travel; half a surrogate pair becomes U+FFFD, since a peer refuses broken UTF-8.
 */
export function encodeMessage(message: ControlMessage, o: FrameOptions = {}): Uint8Array {
  const { code, fields } = definitionOf(message.kind);
  const header: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(message)) {
    if (name in fields && value !== undefined) header[name] = wellFormed(value);
  }
  if (o.checksum !== true) return packr.pack([code, header]);
  const frame = packr.pack([code, { ...header, [checksumField]: unknownChecksum }]);
  sealFrame(frame, frame.length);
  return frame;
}

/**
 * Encodes a tensor message into a contiguous frame of its own, copying `payload`. Where the numbers have
 * `tensorHeadroomBytes` of room in front of them there is `writeTensorPrefix`, which copies nothing.
 */
export function encodeTensorMessage(
  header: TensorHeader,
  payload: Uint8Array,
  { checksum = false }: FrameOptions = {},
): Uint8Array {
  const area = new Uint8Array(tensorHeadroomBytes + payload.length);
  copyBytes(area.subarray(tensorHeadroomBytes), payload);
  const { start } = writeTensorPrefix(area, tensorHeadroomBytes, { header, checksum });
  return area.subarray(start);
}

function wellFormed(value: unknown): unknown {
  return typeof value === 'string' ? value.toWellFormed() : value;
}
