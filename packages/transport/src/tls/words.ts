import type { RefusalReason } from '@paceline/protocol';

import { systemCode } from '../errors.ts';
import type { TransportErrorCode } from '../errors.ts';

type Described = readonly [TransportErrorCode, string];

const wrongTime = 'the certificate of the server is not valid at this time';
const stranger =
  'the certificate of the server is of an authority that is not believed here: --tls-ca FILE';

/** What a client finds wrong with the certificate of a server, by Node's codes. */
const distrust: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: wrongTime,
  CERT_NOT_YET_VALID: wrongTime,
  ERR_TLS_CERT_ALTNAME_INVALID: 'the certificate of the server is for other names',
  INVALID_PURPOSE: 'the certificate of the server is not one for servers',
  SELF_SIGNED_CERT_IN_CHAIN: stranger,
  DEPTH_ZERO_SELF_SIGNED_CERT: stranger,
  UNABLE_TO_GET_ISSUER_CERT: stranger,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: stranger,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: stranger,
  CERT_SIGNATURE_FAILURE: stranger,
};

/** Why a client's handshake failed; undefined when it was something else. */
export function describeDistrust(error: Error): Described | undefined {
  const words = distrust[systemCode(error)];
  if (words !== undefined) return ['untrusted', words];
  // The rest comes as EPROTO with the words of OpenSSL.
  if (/wrong version number|packet length too long/.test(error.message)) {
    return [
      'tls-mismatch',
      'whoever listens there speaks no TLS: does the address start with ws://?',
    ];
  }
  if (/alert protocol version|unsupported protocol/.test(error.message)) {
    return ['tls-mismatch', 'whoever listens there speaks no TLS 1.3'];
  }
  return undefined;
}

const faults: Readonly<Record<string, string>> = {
  ERR_SSL_HTTP_REQUEST: 'plain HTTP on a TLS port: the address starts with wss:// or https://',
  ERR_SSL_WRONG_VERSION_NUMBER: 'something else than TLS on a TLS port',
  ERR_SSL_UNSUPPORTED_PROTOCOL: 'an older TLS than 1.3',
};

/** What a handshake most likely failed for that the other side ended without a word: clients judge certificates. */
export const hungUp =
  'hung up in the handshake: it may not believe the certificate of this server (--tls-ca)';

/** As what a handshake counts that failed on a server; undefined when the other side hung up. */
export function describeHandshake(
  error: Error,
): { readonly reason: RefusalReason; readonly words: string } | undefined {
  const code = systemCode(error);
  if (code === 'ECONNRESET') return undefined;
  if (code === 'ERR_TLS_HANDSHAKE_TIMEOUT') return { reason: 'slow-request', words: error.message };
  const words = faults[code] ?? error.message.split('\n')[0] ?? code;
  return { reason: 'bad-tls', words };
}
