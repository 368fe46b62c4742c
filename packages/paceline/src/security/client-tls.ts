import type { SecureContextOptions } from 'node:tls';

import { clientTls } from './tls-files.ts';
import type { ClientTlsOptions } from './tls-files.ts';

/**
 * What `node:https` needs to ask a server.
 *
 * @throws PacelineError `tls-files`; TransportError `bad-certificate`
 */
export async function loadClientTls(options: ClientTlsOptions): Promise<SecureContextOptions> {
  const { loadTlsFiles } = await import('@paceline/transport');
  return loadTlsFiles(clientTls(options));
}

/** Why a request did not get through, in the words that a worker would use; those of the system where it was not TLS. */
export async function wordsOfFailure(error: Error, isTls: boolean): Promise<string> {
  const { describeDistrust } = await import('@paceline/transport');
  const described = describeDistrust(error)?.[1];
  if (described !== undefined) return described;
  const hungUp = !isTls && 'code' in error && error.code === 'ECONNRESET';
  return hungUp ? `${error.message}; if it speaks TLS, the address is wss://` : error.message;
}
