import { systemClock } from '@paceline/telemetry';
import type { Clock } from '@paceline/telemetry';

import type { Transport } from '../connection.ts';
import { connectWebSocket } from './client.ts';
import type { Credentials } from './credentials.ts';
import { listenWebSocket } from './server.ts';

/**
 * Connections over WebSocket. Listens on `HOST:PORT`, `[::1]:PORT` or `unix:/path`; connects to
 * `ws://`, `wss://` and `ws+unix:///path:/`, with `credentials`.
 */
export function createWebSocketTransport(
  clock: Clock = systemClock(),
  credentials: Credentials = {},
): Transport {
  return {
    listen: (address, options) => listenWebSocket(address, options, clock),
    connect: async (url, options) => connectWebSocket(url, { ...options, credentials, clock }),
  };
}
