import { createServer as createPlainServer } from 'node:http';
import type { RequestListener, Server, ServerOptions } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Socket } from 'node:net';
import type { TlsOptions } from 'node:tls';
import type { RefusalReason } from '@paceline/protocol';
import type { Clock } from '@paceline/telemetry';

import type { ListenOptions, ListenTls } from '../connection.ts';
import { loadTlsFiles, readTlsFiles } from '../tls/files.ts';
import type { TlsFiles } from '../tls/files.ts';
import { createSocketPairs } from '../tls/pairs.ts';
import { describeHandshake, hungUp } from '../tls/words.ts';
import { watchSource } from '../watch-source.ts';
import type { Reload } from '../watch-source.ts';

/** From a bare socket to the end of the handshake. */
const handshakeTimeoutMs = 5_000;

/** An HTTP server, with or without TLS, and how to know its sockets. */
export interface HttpServer {
  readonly http: Server;
  /** The socket that came, which under TLS is not the one that requests speak of. */
  readonly bareSocket: (socket: Socket) => Socket;
  /** Ends what has not even shaken hands, and looks at no files any more. */
  readonly stop: () => void;
}

/** Creates a server that is not listening yet. @throws TransportError `bad-certificate` */
export function createHttpServer(
  options: ServerOptions,
  o: {
    readonly tls: ListenTls | undefined;
    readonly clock: Clock;
    readonly onRequest: RequestListener;
    readonly onRefusal: ListenOptions['onRefusal'];
  },
): HttpServer {
  const { tls, clock, onRequest, onRefusal } = o;
  if (!tls) {
    const http = createPlainServer(options, onRequest);
    return { http, bareSocket: (socket) => socket, stop: () => undefined };
  }
  const files: TlsFiles = {
    ...{ certFile: tls.certFile, keyFile: tls.keyFile },
    ...(tls.clientCaFile === undefined ? {} : { caFile: tls.clientCaFile }),
  };
  const initial = loadTlsFiles(files);
  const http = createTlsServer(
    {
      ...options,
      ...initial,
      ...clientCertificates(tls),
      handshakeTimeout: handshakeTimeoutMs,
    },
    onRequest,
  );
  const refuse = (reason: RefusalReason, detail: string): void => onRefusal?.({ reason, detail });
  const pairs = createSocketPairs(() => refuse('bad-tls', hungUp));
  http.on('connection', pairs.add);
  http.on('secureConnection', pairs.greeted);
  http.on('tlsClientError', (error, socket) => {
    const fault = describeHandshake(error);
    if (!fault) return;
    pairs.greeted(socket);
    refuse(fault.reason, fault.words);
  });
  const source = {
    read: () => readTlsFiles(files),
    use: () => http.setSecureContext(loadTlsFiles(files)),
    onReload: (outcome: Reload) => tls.onReload?.(outcome),
  };
  const stopWatching = watchSource(source, initial, clock);
  return {
    http,
    bareSocket: pairs.below,
    stop() {
      stopWatching();
      pairs.destroyUngreeted();
    },
  };
}

/** Who shows no good certificate is let through the handshake, to be told so at the gate: TLS itself would only hang up. */
function clientCertificates({
  clientCaFile,
}: ListenTls): Pick<TlsOptions, 'requestCert' | 'rejectUnauthorized'> {
  return clientCaFile === undefined ? {} : { requestCert: true, rejectUnauthorized: false };
}
