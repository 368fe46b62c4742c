export { createMemoryTransport } from './memory.ts';
export { createWebSocketTransport } from './ws/transport.ts';
export { TransportError } from './errors.ts';

export type {
  Closing,
  Connection,
  ConnectOptions,
  Guard,
  HttpHandler,
  Listener,
  ListenOptions,
  Refused,
  Transport,
} from './connection.ts';
export type { TransportErrorCode } from './errors.ts';
