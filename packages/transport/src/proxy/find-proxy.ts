import { getProxyForUrl } from 'proxy-from-env';

import { TransportError } from '../errors.ts';
import { hostAndPort, isLoopback } from '../ws/address.ts';
import type { SocketAddress } from '../ws/address.ts';

/** An HTTP proxy, which is asked to connect to a server (RFC 9110, 9.3.6). */
export interface Proxy {
  readonly host: string;
  readonly port: number;
  /** Whether it is spoken to over TLS. */
  readonly isSecure: boolean;
  /** `USER:PASSWORD`; never in a message. */
  readonly credentials: string | undefined;
}

/**
 * The proxy in front of an address, as the environment says: `https_proxy` for TLS, `http_proxy` for others, else
 * `all_proxy`; not for what `no_proxy` names; all of them in lower or upper case. This machine itself is never behind one.
 * @throws TransportError `bad-proxy`, for a proxy of another kind
 */
export function findProxy(
  address: SocketAddress,
  { isSecure }: { readonly isSecure: boolean },
): Proxy | undefined {
  if (address.type === 'unix' || isLoopback(address.host)) return undefined;
  const asked = `${isSecure ? 'https' : 'http'}://${hostAndPort(address.host, address.port)}`;
  const text = getProxyForUrl(asked);
  return text === '' ? undefined : parseProxy(text);
}

/** A proxy in a message: without its credentials. */
export function nameOf({ host, port }: Proxy): string {
  return `proxy ${hostAndPort(host, port)}`;
}

function parseProxy(text: string): Proxy {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || url.hostname === '') {
    const kind = url?.protocol.replace(':', '') ?? 'something else';
    const rule = 'a proxy is http://HOST:PORT or https://HOST:PORT';
    const words = `the environment names a proxy of another kind (${kind}); ${rule} (HTTPS_PROXY, HTTP_PROXY, ALL_PROXY)`;
    throw new TransportError('bad-proxy', url?.host ?? '', words);
  }
  const isSecure = url.protocol === 'https:';
  const hasCredentials = url.username !== '' || url.password !== '';
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? (isSecure ? 443 : 80) : Number(url.port),
    isSecure,
    credentials: hasCredentials
      ? `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`
      : undefined,
  };
}
