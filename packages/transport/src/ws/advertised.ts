import { TransportError } from '../errors.ts';
import { parseUrl, urlOf } from './address.ts';

/** Where others reach a listener, when that is not where it listens: behind a port mapping, in a container. */
export interface Advertised {
  /** As a URL spells it: lower case, an IPv6 address without its brackets. */
  readonly host: string;
  /** The port that is listened on, unless said. */
  readonly port: number | undefined;
}

/** All addresses of a machine: a listener may have them, nobody can go there. */
const wildcards: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '::1' };

/** Parses `HOST`, `HOST:PORT`, `[::1]` or `[::1]:PORT`. @throws TransportError `bad-address` */
export function parseAdvertised(text: string): Advertised {
  const match = /^(\[[0-9a-fA-F:.]+\]|[\w.-]+)(?::(\d{1,5}))?$/.exec(text);
  const name = match?.[1] ?? '';
  const port = match?.[2] === undefined ? undefined : Number(match[2]);
  const isPort = port === undefined || (port > 0 && port < 65_536);
  if (!isPort || !URL.canParse(`ws://${name}`)) throw notReachable(text);
  const host = new URL(`ws://${name}`).hostname.replace(/^\[|\]$/g, '');
  if (host in wildcards) throw notReachable(text);
  return { host, port };
}

/**
 * What a listener that is reached at `url` says of itself. A wildcard address becomes loopback: that much is true, and
 * which of its names and addresses others see, the machine cannot know.
 * @throws TransportError `bad-address` when something is advertised for a Unix socket: that is reached at its path
 */
export function announcedUrl(url: string, advertised?: Advertised): string {
  if (url.startsWith('memory:')) return url;
  const { address, isSecure } = parseUrl(url);
  if (address.type === 'unix') {
    if (advertised === undefined) return url;
    const words = 'a Unix socket is reached at its path: nothing else can be advertised for it';
    throw new TransportError('bad-address', url, `${url}: ${words}`);
  }
  const host = advertised?.host ?? wildcards[address.host] ?? address.host;
  return urlOf({ type: 'tcp', host, port: advertised?.port ?? address.port }, isSecure);
}

/** Whether a URL, as a listener gives it, stands for all addresses of its machine. */
export function isWildcard(url: string): boolean {
  if (url.startsWith('memory:')) return false;
  const { address } = parseUrl(url);
  return address.type === 'tcp' && address.host in wildcards;
}

function notReachable(text: string): TransportError {
  const rule = 'others reach a server at HOST, HOST:PORT, [IPV6] or [IPV6]:PORT, not at a wildcard';
  return new TransportError('bad-address', text, `${text}: ${rule}`);
}
