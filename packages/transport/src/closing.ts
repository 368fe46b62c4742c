import { closeCodeRow } from '@paceline/protocol';
import type { Closing } from './connection.ts';

/** A close frame holds 125 bytes, 2 of them the code (RFC 6455, 5.5). */
const mostReasonBytes = 123;

/** What the end of a connection without a close message looks like. */
export const lostCode = 1006;

/** Why a stranger is closed that sends more than a hello. */
export const strangerWords = 'too many bytes before the hello was answered';

const standardWords: Readonly<Record<number, string>> = {
  1000: 'closed without a reason',
  1001: 'the peer is going away',
  1002: 'a frame broke the WebSocket protocol',
  1003: 'a text message came; messages are binary here',
  1005: 'closed without a code',
  1006: 'the connection ended without a close message',
  1007: 'a text was not valid UTF-8',
  1008: 'a message came in too many pieces',
  1009: 'a message was too large',
  1011: 'the peer had an internal error',
  1013: 'the server has no room at the moment',
};

/** Cuts a reason to what fits a close message, never inside a character. */
export function cutReason(reason: string): string {
  const bytes = new Uint8Array(mostReasonBytes);
  const { written } = new TextEncoder().encodeInto(reason, bytes);
  return new TextDecoder().decode(bytes.subarray(0, written));
}

/** An end in words, whatever the peer left out. */
export function closingOf(code: number, reason: string): Closing {
  const words = closeCodeRow(code)?.meaning ?? standardWords[code] ?? `closed with code ${code}`;
  return { code, reason: reason === '' ? words : reason };
}
