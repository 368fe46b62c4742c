export { createMemoryTransport } from './memory.ts';
export { createWebSocketTransport } from './ws/transport.ts';
export { connectThroughProxy } from './proxy/through-proxy.ts';
export { TransportError } from './errors.ts';
export { isPrivateAddress } from './private-address.ts';
export { announcedUrl, isWildcard, parseAdvertised } from './ws/advertised.ts';
export { loadTlsFiles } from './tls/files.ts';
export { watchSource } from './watch-source.ts';
export { describeDistrust } from './tls/words.ts';

export type {
  ClientCertificate,
  Closing,
  Connection,
  ConnectOptions,
  Denial,
  Guard,
  HttpHandler,
  Listener,
  ListenOptions,
  ListenTls,
  Refused,
  Transport,
  Visitor,
} from './connection.ts';
export type { TransportErrorCode } from './errors.ts';
export type { Reload, Source } from './watch-source.ts';
export type { WayOptions } from './proxy/through-proxy.ts';
export type { TlsFiles } from './tls/files.ts';
export type { Advertised } from './ws/advertised.ts';
export type { Credentials } from './ws/credentials.ts';
