import type { CloseName, RefusalReason, WorkerMessage } from '@paceline/protocol';
import { decodeMessage, looksSealed, peekKind, ProtocolError } from '@paceline/protocol';
import type { Objection } from './refusals.ts';

/** What a frame is: a message, or not one. */
export type Read = { readonly message: WorkerMessage } | Objection;

/** Reads a frame of a worker. */
export function readFrame(frame: Uint8Array): Read {
  try {
    return { message: decodeMessage(frame, 'worker') };
  } catch (error) {
    if (error instanceof ProtocolError) return { reason: error.code, words: error.message };
    throw error;
  }
}

/** Reads a frame of a stranger. Nothing but a hello is even decoded: what may cost much is for those who were welcomed. */
export function readHello(frame: Uint8Array): Read {
  const kind = peekKind(frame);
  if (kind === 'hello') return readFrame(frame);
  const words = kind === undefined ? 'the first message is no hello' : `said ${kind} before hello`;
  return { reason: 'no-hello', words };
}

/**
 * What was read, or, where the network may change bits and the frame has a checksum, that it did: a frame that makes no
 * sense was then hardly sent so.
 */
export function asSent(
  read: Read,
  frame: Uint8Array,
  { isProtected }: { readonly isProtected: boolean },
): Read {
  if ('message' in read || isProtected || !looksSealed(frame)) return read;
  return { reason: 'bad-checksum', words: `changed on its way: ${read.words}` };
}

/** A worker whose connection is certified says hello under the name that is in its certificate, and no other. */
export function vetName(
  message: WorkerMessage,
  { certifiedName }: { readonly certifiedName?: string | undefined },
): Objection | undefined {
  if (message.kind !== 'hello' || certifiedName === undefined) return undefined;
  if (message.name === certifiedName) return undefined;
  const words = `the client certificate is that of ${certifiedName}, not of ${message.name}`;
  return { reason: 'unauthorized', words };
}

/** As what the run's reason to part with a connection counts; a broken message was counted when it came. */
export function refusalOf(
  because: CloseName,
  { isWelcome }: { readonly isWelcome: boolean },
): RefusalReason | undefined {
  if (because === 'silent') return isWelcome ? undefined : 'hello-timeout';
  const counted = ['unauthorized', 'version-skew', 'quarantined', 'refused'] as const;
  return counted.find((name) => name === because);
}
