import type { IncomingMessage } from 'node:http';
import { connect as connectSocket } from 'node:net';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { subprotocol } from '@paceline/protocol';
import type { Clock } from '@paceline/telemetry';
import { WebSocket } from 'ws';
import type { ClientOptions } from 'ws';

import type { Connection, ConnectOptions } from '../connection.ts';
import { systemCode, TransportError } from '../errors.ts';
import type { TransportErrorCode } from '../errors.ts';
import type { Lane } from '../lane/lane.ts';
import { joinLane } from '../lane/client-lane.ts';
import { laneHeader } from '../lane/lane.ts';
import { connectThroughProxy } from '../proxy/through-proxy.ts';
import { loadTlsFiles } from '../tls/files.ts';
import { describeDistrust } from '../tls/words.ts';
import { isLoopback, parseUrl, textOf } from './address.ts';
import type { SocketTarget } from './address.ts';
import { closeTimeoutMs } from './close-timeout.ts';
import type { CloseTimeout } from './close-timeout.ts';
import { authorization, currentToken } from './credentials.ts';
import type { Credentials } from './credentials.ts';
import { createWebSocketConnection } from './web-socket-connection.ts';

interface ClientSettings extends ConnectOptions {
  readonly credentials: Credentials;
  readonly clock: Clock;
}

/**
 * Connects to a paceline server, through a proxy where the environment names one in front of it.
 * @throws TransportError
 */
export async function connectWebSocket(url: string, options: ClientSettings): Promise<Connection> {
  const target = parseUrl(url);
  const { clock, timeoutMs } = options;
  const tls = target.isSecure ? loadTlsFiles(options.credentials.tls ?? {}) : undefined;
  const startMs = clock.now();
  const way = await connectThroughProxy(target.address, { tls, timeoutMs, clock });
  const leftMs = timeoutMs - (clock.now() - startMs);
  const socket = { ...clientOptions(target, options), ...tls, ...along(way) };
  return shakeHands(url, options, { target, socket, timeoutMs: leftMs });
}

function shakeHands(
  url: string,
  options: ClientSettings,
  o: { readonly target: SocketTarget; readonly socket: ClientOptions; readonly timeoutMs: number },
): Promise<Connection> {
  const { target } = o;
  const { clock } = options;
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(target.url, [subprotocol], o.socket);
    const cancelTimer = clock.setTimer(o.timeoutMs, () => {
      fail(new TransportError('timeout', url, `${url}: no answer within ${options.timeoutMs} ms`));
    });
    let stream: Duplex | undefined;

    function fail(error: TransportError): void {
      cancelTimer();
      reject(error);
      // Aborting makes the socket report an error of its own, which nobody needs any more.
      socket.removeAllListeners();
      socket.on('error', () => undefined);
      socket.terminate();
    }

    let lane: Lane | undefined;

    socket.on('upgrade', (response) => {
      stream = response.socket;
      if (target.address.type !== 'unix') return;
      lane = joinLane(textIn(response.headers[laneHeader]), options.frameMemory);
    });
    socket.on('unexpected-response', (_request, response) => {
      void readStart(response).then((body) => fail(strangerError(url, response, body)));
    });
    socket.on('error', (error) => fail(connectError(url, error)));
    socket.on('open', () => {
      cancelTimer();
      socket.removeAllListeners();
      const { maxFrameBytes } = options;
      const peer = textOf(target.address);
      const isProtected = target.address.type === 'unix' || target.isSecure;
      if (!stream) return;
      resolve(
        createWebSocketConnection(socket, {
          stream,
          peer,
          isProtected,
          maxFrameBytes,
          clock,
          lane,
        }),
      );
    });
  });
}

function clientOptions(
  { address, isSecure }: SocketTarget,
  options: ClientSettings,
): ClientOptions & CloseTimeout {
  const isPrivate = address.type === 'unix' || isSecure || isLoopback(address.host);
  return {
    perMessageDeflate: false,
    maxPayload: options.maxFrameBytes,
    closeTimeout: closeTimeoutMs,
    followRedirects: false,
    headers: {
      ...authorization(currentToken(options.credentials)),
      ...(address.type === 'unix' ? { [laneHeader]: 'wanted' } : {}),
    },
    // RFC 6455 masks against intermediaries that misread traffic; where there is none (nobody between,
    // or TLS), a mask of zeros halves the cost of sending.
    ...(isPrivate ? { generateMask: () => undefined } : {}),
    ...(address.type === 'unix' ? { createConnection: () => connectSocket(address.path) } : {}),
  };
}

function textIn(header: string | string[] | undefined): string | undefined {
  return typeof header === 'string' ? header : undefined;
}

/** Over a socket that is there already. */
function along(way: Socket | undefined): ClientOptions {
  return way === undefined ? {} : { createConnection: () => way };
}

const codes: Readonly<Record<string, TransportErrorCode>> = {
  ECONNREFUSED: 'refused',
  ENOENT: 'refused',
  ENOTFOUND: 'dns',
  EAI_AGAIN: 'dns',
  ETIMEDOUT: 'timeout',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  EADDRNOTAVAIL: 'unreachable',
  EACCES: 'not-allowed',
  EPERM: 'not-allowed',
};

const words: Readonly<Record<TransportErrorCode, string>> = {
  'bad-address': 'not an address',
  'path-too-long': 'the path is too long',
  'address-in-use': 'in use',
  'not-allowed': 'this user may not connect there',
  'no-such-address': 'no such address',
  dns: 'no machine of this name is known',
  refused: 'nobody listens there',
  unreachable: 'there is no way to this machine',
  timeout: 'no answer',
  busy: 'the server has no room at the moment',
  'not-a-paceline-server': 'whoever listens there is no paceline server',
  'bad-token': 'there is no token to show',
  'bad-certificate': 'the certificate files cannot be used',
  untrusted: 'the certificate of the server is not believed',
  'tls-mismatch': 'one side speaks TLS, the other does not',
  'bad-proxy': 'the proxy is none that can be used',
  'proxy-refused': 'the proxy refuses',
  'proxy-failed': 'the proxy cannot be used',
  failed: 'the connection failed',
};

function connectError(url: string, cause: Error): TransportError {
  const system = systemCode(cause);
  const distrust = describeDistrust(cause);
  if (distrust) return new TransportError(distrust[0], url, `${url}: ${distrust[1]}`, { cause });
  if (system === 'ECONNRESET' && url.startsWith('ws:')) {
    const message = `${url}: whoever listens there hung up; if it speaks TLS, the address is wss://`;
    return new TransportError('not-a-paceline-server', url, message, { cause });
  }
  // No code: the WebSocket handshake failed. HPE_*: the answer was not HTTP. ECONNRESET: hung up on it.
  const isStranger = system === '' || system.startsWith('HPE_') || system === 'ECONNRESET';
  const code = codes[system] ?? (isStranger ? 'not-a-paceline-server' : 'failed');
  const detail = cause.message === '' ? system : cause.message;
  return new TransportError(code, url, `${url}: ${words[code]} (${detail})`, { cause });
}

function strangerError(url: string, response: IncomingMessage, body: string): TransportError {
  // A proxy in between says 502 or 504 while the server is being started again.
  if ([502, 503, 504].includes(response.statusCode ?? 0)) {
    return new TransportError('busy', url, `${url}: ${words.busy}: try again`);
  }
  if (response.statusCode === 429) {
    return new TransportError('busy', url, `${url}: ${body === '' ? words.busy : body}`);
  }
  const answer = `HTTP ${response.statusCode ?? 0} ${body}`.trim();
  const message = `${url}: whoever listens there is no paceline server; it answers ${answer}`;
  return new TransportError('not-a-paceline-server', url, message);
}

/** The first line of an answer, at most 200 characters: enough to recognise who it is. */
async function readStart(response: IncomingMessage): Promise<string> {
  response.setEncoding('utf8');
  let text = '';
  try {
    for await (const chunk of response as AsyncIterable<string>) {
      text += chunk;
      if (text.length >= 200) break;
    }
  } catch {
    // What came before the answer broke off is still worth showing.
  }
  return text.slice(0, 200).split('\n')[0]?.trim() ?? '';
}
