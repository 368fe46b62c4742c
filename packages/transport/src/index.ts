export { createMemoryTransport } from './memory.ts';
export { createWebSocketTransport } from './ws/transport.ts';
export { TransportError } from './errors.ts';
export { isPrivateAddress } from './private-address.ts';

export type {
  Closing,
  Connection,
  ConnectOptions,
  Denial,
  Guard,
  HttpHandler,
  Listener,
  ListenOptions,
  Refused,
  Transport,
  Visitor,
} from './connection.ts';
export type { TransportErrorCode } from './errors.ts';
export type { Credentials } from './ws/credentials.ts';
