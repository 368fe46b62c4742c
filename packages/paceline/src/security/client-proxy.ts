import type { Socket } from 'node:net';

import { systemClock } from '@paceline/telemetry';
import type { WayOptions } from '@paceline/transport';

/**
 * A socket to a server behind a proxy of the environment, for `node:http`; undefined where there is no proxy.
 *
 * @throws TransportError `bad-proxy`, `proxy-refused`, `proxy-failed`
 */
export async function connectThroughProxy(
  to: { readonly host: string; readonly port: number },
  options: Omit<WayOptions, 'clock'>,
): Promise<Socket | undefined> {
  const transport = await import('@paceline/transport');
  const address = { type: 'tcp', ...to } as const;
  return transport.connectThroughProxy(address, { ...options, clock: systemClock() });
}
