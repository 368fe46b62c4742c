export { createMemoryTransport } from './memory.ts';
export { createWebSocketTransport } from './ws/transport.ts';
export { TransportError } from './errors.ts';

export type {
  Closing,
  Connection,
  ConnectOptions,
  HttpHandler,
  Listener,
  ListenOptions,
  Transport,
} from './connection.ts';
export type { TransportErrorCode } from './errors.ts';
