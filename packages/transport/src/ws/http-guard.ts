import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { RefusalReason } from '@paceline/protocol';
import type { Clock } from '@paceline/telemetry';

import type { Denial, HttpHandler, ListenOptions } from '../connection.ts';
import { systemCode } from '../errors.ts';
import { askGate } from './ask-gate.ts';
import { createHttpServer } from './http-server.ts';
import type { HttpServer } from './http-server.ts';
import type { Lobby } from './lobby.ts';

/** What an HTTP peer gets: generous for people and programs, nothing for those who only want to be in the way. */
const limits = {
  /** From the first moment of a connection to the end of the headers. */
  headersTimeout: 5_000,
  /** From there to the end of the body; also for whoever never begins. */
  requestTimeout: 5_000,
  keepAliveTimeout: 5_000,
  connectionsCheckingInterval: 1_000,
  maxHeaderSize: 8 * 1024,
} as const;
const mostHeaders = 64;
const mostRequestsPerSocket = 1_000;
/** Control requests have a few settings in their body at most. */
const mostBodyBytes = 64 * 1024;

/**
 * An HTTP server that holds its peers to sizes and times: bodies say their length and are short, headers are short and
 * come soon. Whatever it turns away, it answers in a word where it can, and tells `onRefusal`.
 */
export function createGuardedServer(
  options: Pick<ListenOptions, 'guard' | 'gate' | 'tls' | 'onRefusal'>,
  o: { readonly lobby: Lobby; readonly handler: HttpHandler; readonly clock: Clock },
): HttpServer {
  const { lobby, handler, clock } = o;
  const refuse = (reason: RefusalReason, detail: string): void =>
    options.onRefusal?.({ reason, detail });
  const onRequest: HttpHandler = (request, response) => {
    if (lobby.isTurnedAway(server.bareSocket(request.socket))) {
      return answer(response, 503, 'no room: come again');
    }
    const objection = objectionTo(request);
    if (objection) {
      refuse('large-request', objection.words);
      return answer(response, objection.status, objection.words);
    }
    const { denial } = askGate(options, request, 'answer');
    if (!denial) return handler(request, response);
    deny(response, denial);
  };
  const { tls, onRefusal } = options;
  const server = createHttpServer(limits, { tls, clock, onRequest, onRefusal });
  const { http } = server;
  http.maxHeadersCount = mostHeaders;
  http.maxRequestsPerSocket = mostRequestsPerSocket;
  if (options.guard) http.maxConnections = options.guard.maxConnections;
  http.on('connection', (socket) => lobby.enter(socket));
  http.on('drop', () => refuse('too-many-connections', 'connections altogether'));
  http.on('clientError', (error, stream) => {
    const { reason, status } = describeClientError(systemCode(error));
    if (reason) refuse(reason, error.message);
    endRaw(stream, status);
  });
  return server;
}

/** Ends a stream with a plain HTTP answer; for those that never became a request or were one for an upgrade. */
export function endRaw(stream: Duplex, status: string, body = ''): void {
  // The peer may be gone already; there is nobody to tell.
  stream.on('error', () => undefined);
  if (!stream.writable) return void stream.destroy();
  const head = [
    `HTTP/1.1 ${status}`,
    'Connection: close',
    'Content-Type: text/plain; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
  ];
  stream.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => stream.destroy());
}

function objectionTo({
  headers,
}: IncomingMessage): { readonly status: number; readonly words: string } | undefined {
  if (headers['transfer-encoding'] !== undefined) {
    return { status: 411, words: 'a body needs a Content-Length' };
  }
  if (Number(headers['content-length'] ?? 0) <= mostBodyBytes) return undefined;
  return { status: 413, words: `a body may have ${mostBodyBytes} bytes` };
}

/** Answers and ends the connection: what the peer still sends is not read. */
function answer(response: ServerResponse, status: number, words: string): void {
  response.writeHead(status, { Connection: 'close', 'Content-Type': 'text/plain; charset=utf-8' });
  response.end(`${words}\n`, () => response.socket?.destroySoon());
}

/** As JSON, like every answer to somebody who was let in. */
function deny(response: ServerResponse, { status, words }: Denial): void {
  response.writeHead(status, {
    Connection: 'close',
    'Content-Type': 'application/json; charset=utf-8',
    ...(status === 401 ? { 'WWW-Authenticate': 'Bearer realm="paceline"' } : {}),
  });
  response.end(JSON.stringify({ error: words }), () => response.socket?.destroySoon());
}

/** A peer that just hangs up is not refused anything. */
function describeClientError(code: string): {
  readonly reason: RefusalReason | undefined;
  readonly status: string;
} {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    return { reason: 'slow-request', status: '408 Request Timeout' };
  }
  if (code === 'HPE_HEADER_OVERFLOW') {
    return { reason: 'bad-request', status: '431 Request Header Fields Too Large' };
  }
  const isBroken = code.startsWith('HPE_') && code !== 'HPE_INVALID_EOF_STATE';
  return { reason: isBroken ? 'bad-request' : undefined, status: '400 Bad Request' };
}
