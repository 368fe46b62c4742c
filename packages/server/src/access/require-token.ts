import { howToMakeOne } from '@paceline/protocol';
import { isPrivateAddress } from '@paceline/transport';
import { ServerError } from '../errors.ts';
import type { ServerOptions } from '../options.ts';

/**
 * Beyond this machine nobody listens without a token.
 * @throws ServerError `token-needed`; TransportError when one is no address
 */
export function requireToken({ listen, alsoListen = [], tokens = [] }: ServerOptions): void {
  const open = [listen, ...alsoListen].find((address) => !isPrivateAddress(address));
  if (tokens.length > 0 || open === undefined) return;
  throw new ServerError(
    'token-needed',
    `${open} can be reached from other machines: a token is needed there. Put one into a file and give it to the ` +
      `server and the workers with --token-file FILE, or as PACELINE_TOKEN. ${howToMakeOne}. ` +
      'Or listen on 127.0.0.1:PORT or unix:/path.',
  );
}
