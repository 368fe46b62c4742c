import type { Socket } from 'node:net';
import type { SecureContextOptions } from 'node:tls';
import type { Clock } from '@paceline/telemetry';

import type { SocketAddress } from '../ws/address.ts';
import { findProxy } from './find-proxy.ts';
import { openTunnel, secureTunnel } from './tunnel.ts';

/** What it takes to come to a server by way of a proxy. */
export interface WayOptions {
  /** What TLS with the server needs; without it there is none. */
  readonly tls: SecureContextOptions | undefined;
  /** For the proxy to answer. */
  readonly timeoutMs: number;
  readonly clock: Clock;
}

/**
 * A socket to a server, when the environment names a proxy in front of it; its TLS handshake may be under way. Undefined
 * where there is none: then one connects as ever.
 * @throws TransportError `bad-proxy`, `proxy-refused`, `proxy-failed`
 */
export async function connectThroughProxy(
  address: SocketAddress,
  { tls, timeoutMs, clock }: WayOptions,
): Promise<Socket | undefined> {
  const proxy = findProxy(address, { isSecure: tls !== undefined });
  if (proxy === undefined || address.type === 'unix') return undefined;
  const patience = new AbortController();
  const cancel = clock.setTimer(timeoutMs, () => patience.abort());
  try {
    const socket = await openTunnel(proxy, address, patience.signal);
    return tls === undefined ? socket : secureTunnel(socket, address, tls);
  } finally {
    cancel();
  }
}
