import { PacelineError } from 'paceline/programs';

/** Where the HTTP side of a server is: a host and port, or a Unix socket. */
export interface Endpoint {
  readonly tls: boolean;
  readonly host?: string;
  readonly port?: number;
  readonly socketPath?: string;
}

/**
 * The HTTP side of a server from its address as `start` events and logs show it: `ws://HOST:PORT`, `wss://...`,
 * `http(s)://...`, `ws+unix:///path:/`, `unix:/path`, or just `HOST:PORT`.
 *
 * @throws PacelineError `bad-address`
 */
export function parseEndpoint(address: string): Endpoint {
  const socket = /^(?:ws\+unix:\/\/|unix:)(\/[^:]+)(?::.*)?$/.exec(address);
  if (socket?.[1] !== undefined) return { tls: false, socketPath: socket[1] };
  const url = parseUrl(/^\w[\w+.-]*:\/\//.test(address) ? address : `http://${address}`);
  if (url === undefined || !/^(wss?|https?):$/.test(url.protocol) || url.hostname === '') {
    throw new PacelineError(
      'bad-address',
      `"${address}" is no address of a server. It is like ws://127.0.0.1:7070 or ws+unix:///path/server.sock:/ ` +
        '(the url of the start event).',
    );
  }
  const tls = url.protocol === 'wss:' || url.protocol === 'https:';
  const port = url.port === '' ? (tls ? 443 : 80) : Number(url.port);
  return { tls, host: url.hostname.replace(/^\[|\]$/g, ''), port };
}

function parseUrl(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}
