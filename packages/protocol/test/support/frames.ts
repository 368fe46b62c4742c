import { encodeMessage, encodeTensorMessage } from '@paceline/protocol';
import type { ServerMessage, WorkerMessage } from '@paceline/protocol';

/** Any message as a frame. */
export function frameOf(message: WorkerMessage | ServerMessage): Uint8Array {
  if (!('payload' in message)) return encodeMessage(message);
  const { payload, ...header } = message;
  return encodeTensorMessage(header, payload);
}
