import type { RefusalReason } from '@paceline/protocol';

import { closingOf, lostCode, strangerWords } from '../closing.ts';
import type { Closing } from '../connection.ts';
import { systemCode } from '../errors.ts';

/** Our own code, beside those of `ws`. */
const tooManyBytes = 'PACELINE_STRANGER_BYTES';

/** Codes that `ws` has for broken frames; it then ends the connection without hearing the peer out. */
const brokenFrames: Readonly<Record<string, number>> = {
  [tooManyBytes]: 1009,
  WS_ERR_UNSUPPORTED_MESSAGE_LENGTH: 1009,
  WS_ERR_UNSUPPORTED_DATA_PAYLOAD_LENGTH: 1009,
  WS_ERR_INVALID_UTF8: 1007,
  WS_ERR_TOO_MANY_BUFFERED_PARTS: 1008,
};

/** As what a failure counts, where it is one of frames that this side did not take. */
export function refusalOf(failure: Error | undefined): RefusalReason | undefined {
  const code = systemCode(failure);
  if (brokenFrames[code] === 1009) return 'too-large';
  return code in brokenFrames || code.startsWith('WS_ERR_') ? 'bad-frame' : undefined;
}

/** The end of a connection in words: those of what went wrong, where something did. */
export function describeEnd(
  { code, reason }: Closing,
  failure: Error | undefined,
  maxFrameBytes: number,
): Closing {
  const brokenCode = brokenFrames[systemCode(failure)];
  if (systemCode(failure) === tooManyBytes) return { code: 1009, reason: strangerWords };
  if (brokenCode === 1009) {
    return {
      code: 1009,
      reason: `a message was larger than ${maxFrameBytes} bytes, the limit here`,
    };
  }
  if (brokenCode !== undefined) return closingOf(brokenCode, '');
  if (failure && systemCode(failure).startsWith('WS_ERR_')) return closingOf(1002, failure.message);
  const { reason: words } = closingOf(code, reason);
  return { code, reason: failure && code === lostCode ? `${words} (${failure.message})` : words };
}

/** What goes wrong when a stranger sends more than it may. */
export function strangerFailure(): Error {
  return Object.assign(new Error(strangerWords), { code: tooManyBytes });
}
