import { request as requestPlain } from 'node:http';
import type { ClientRequest, IncomingMessage } from 'node:http';
import { request as requestSecure } from 'node:https';
import { isIP } from 'node:net';
import type { Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { SecureContextOptions, TLSSocket } from 'node:tls';

import { systemCode, TransportError } from '../errors.ts';
import type { TransportErrorCode } from '../errors.ts';
import { hostAndPort } from '../ws/address.ts';
import type { SocketAddress } from '../ws/address.ts';
import { nameOf } from './find-proxy.ts';
import type { Proxy } from './find-proxy.ts';

type TcpAddress = Extract<SocketAddress, { readonly type: 'tcp' }>;

/**
 * Asks a proxy for a way to a server. The socket carries bytes to the server and back from then on, whatever they are: TLS
 * is between client and server, and the proxy reads none of it. `signal` gives up.
 * @throws TransportError `proxy-failed` where trying again may help, `proxy-refused` where it does not; both name the proxy
 */
export function openTunnel(proxy: Proxy, target: TcpAddress, signal: AbortSignal): Promise<Socket> {
  const { promise, resolve, reject } = Promise.withResolvers<Socket>();
  const request = askToConnect(proxy, target, signal);
  request.on('connect', (response, socket: Socket, head: Buffer) => {
    const failure = refusalOf(proxy, target, response);
    if (failure) {
      socket.destroy();
      return reject(failure);
    }
    // A server says nothing before it is asked: what comes behind the answer is none of ours, but not lost.
    if (head.length > 0) socket.unshift(head);
    resolve(socket);
  });
  // A proxy that knows no CONNECT answers as to any other request.
  request.on('response', (response) => {
    response.resume();
    const failure = refusalOf(proxy, target, response) ?? answered(proxy, response, 'no tunnel');
    request.destroy();
    reject(failure);
  });
  request.on('error', (cause) => reject(lostError(proxy, signal.aborted, cause)));
  request.end();
  return promise;
}

/** TLS to the server inside a tunnel: what it shows is checked as if nobody stood between. */
export function secureTunnel(
  socket: Socket,
  { host }: TcpAddress,
  tls: SecureContextOptions,
): TLSSocket {
  // A name of a server is no IP address (RFC 6066, 3); the certificate is checked against `host` all the same.
  return connectTls({ ...tls, socket, host, ...(isIP(host) === 0 ? { servername: host } : {}) });
}

function askToConnect(proxy: Proxy, target: TcpAddress, signal: AbortSignal): ClientRequest {
  const { host, port, isSecure, credentials } = proxy;
  const authority = hostAndPort(target.host, target.port);
  return (isSecure ? requestSecure : requestPlain)({
    ...{ method: 'CONNECT', host, port, path: authority, agent: false, signal },
    headers: {
      host: authority,
      ...(credentials === undefined
        ? {}
        : { 'proxy-authorization': `Basic ${Buffer.from(credentials).toString('base64')}` }),
    },
  });
}

function refusalOf(
  proxy: Proxy,
  target: TcpAddress,
  response: IncomingMessage,
): TransportError | undefined {
  const status = response.statusCode ?? 0;
  if (status >= 200 && status < 300) return undefined;
  if (status === 407) {
    const fix = 'it wants other credentials: http://USER:PASSWORD@HOST:PORT in the variable';
    return answered(proxy, response, fix);
  }
  const where = hostAndPort(target.host, target.port);
  return answered(proxy, response, `it opens no way to ${where} (or NO_PROXY should name it)`);
}

/** What it says of this client (4xx) stays so; what it says of the server, and of itself, may be over soon. */
function answered(proxy: Proxy, response: IncomingMessage, words: string): TransportError {
  const { statusCode = 0, statusMessage = '' } = response;
  const code = statusCode >= 400 && statusCode < 500 ? 'proxy-refused' : 'proxy-failed';
  const answer = `${statusCode} ${statusMessage.slice(0, 100)}`.trim();
  return new TransportError(code, nameOf(proxy), `${nameOf(proxy)} answered ${answer}: ${words}`);
}

function lostError(proxy: Proxy, isTooLate: boolean, cause: Error): TransportError {
  const code: TransportErrorCode = 'proxy-failed';
  const name = nameOf(proxy);
  if (isTooLate) return new TransportError(code, name, `${name} did not answer in time`, { cause });
  const detail = cause.message === '' ? systemCode(cause) : cause.message;
  const hint = proxy.isSecure ? '; if it speaks no TLS, write http:// in front of it' : '';
  const words = `${name}, which the environment names, cannot be used (${detail})${hint}`;
  return new TransportError(code, name, words, { cause });
}
