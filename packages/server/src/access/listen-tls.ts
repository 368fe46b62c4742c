import { isPrivateAddress } from '@paceline/transport';
import type { ListenTls } from '@paceline/transport';
import type { ServerOptions } from '../options.ts';

/** The TLS of one address of a server, telling the log what becomes of it; and a warning where there is none and should be. */
export function listenTls(
  { tls, logger }: Pick<ServerOptions, 'tls' | 'logger'>,
  listen: string,
): ListenTls | undefined {
  if (tls === undefined) {
    if (!isPrivateAddress(listen)) {
      const words = 'tokens and gradients travel where others may read them: --tls-cert, --tls-key';
      logger.warn({}, `no TLS on ${listen}: ${words}`);
    }
    return undefined;
  }
  return {
    ...tls,
    onReload: (outcome) => {
      if (outcome.kind === 'reloaded') logger.info({}, 'new certificates are in use');
      else logger.error({}, `the old certificates stay in use: ${outcome.words}`);
    },
  };
}
