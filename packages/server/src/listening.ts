import type { Listener, ListenOptions } from '@paceline/transport';
import { announcedUrl, isWildcard } from '@paceline/transport';
import { listenTls } from './access/listen-tls.ts';
import type { ServerOptions } from './options.ts';

/** The addresses of a server, open. */
export interface Doors {
  /** What the server says of itself: where others reach it. */
  readonly url: string;
  /** Where this machine reaches it, whatever others call it. */
  readonly localUrl: string;
  /** What it listens on, exactly; of several the first. */
  readonly address: string;
  /** Closes all of them. */
  close(): Promise<void>;
}

/**
 * Listens on all addresses of a server, or on none.
 * @throws what the transport says of an address; TransportError `bad-address` when something is advertised for a Unix socket
 */
export async function openDoors(
  options: ServerOptions,
  door: Omit<ListenOptions, 'tls'>,
): Promise<Doors> {
  const { transport, listen, alsoListen = [], advertise, logger } = options;
  const first = await transport.listen(listen, { ...door, tls: listenTls(options, listen) });
  const listeners: Listener[] = [first];
  const close = async (): Promise<void> => {
    await Promise.all(listeners.map((listener) => listener.close()));
  };
  try {
    const url = announcedUrl(first.url, advertise);
    for (const more of alsoListen) {
      listeners.push(await transport.listen(more, { ...door, tls: listenTls(options, more) }));
    }
    if (advertise === undefined && isWildcard(first.url)) {
      const words = `listening on all addresses of this machine, known as ${url} to itself`;
      logger.info({}, `${words}; what others call it, --advertise HOST[:PORT] says`);
    }
    return { url, localUrl: announcedUrl(first.url), address: first.address, close };
  } catch (error) {
    await close();
    throw error;
  }
}
