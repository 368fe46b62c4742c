import { createServer } from 'node:http';
import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { closeCodeOf, subprotocol } from '@paceline/protocol';
import type { Clock } from '@paceline/telemetry';
import { WebSocketServer } from 'ws';
import type { ServerOptions, WebSocket } from 'ws';

import type { Connection, HttpHandler, Listener, ListenOptions } from '../connection.ts';
import { hostAndPort, parseAddress, urlOf } from './address.ts';
import type { SocketAddress } from './address.ts';
import { bind } from './bind.ts';
import { closeTimeoutMs } from './close-timeout.ts';
import type { CloseTimeout } from './close-timeout.ts';
import { createWebSocketConnection } from './web-socket-connection.ts';

/** An HTTP request whose headers take longer is cut off. */
const headersTimeoutMs = 10_000;

/** Listens for WebSocket connections, and plain HTTP on the same port. @throws TransportError */
export async function listenWebSocket(
  text: string,
  options: ListenOptions,
  clock: Clock,
): Promise<Listener> {
  const address = parseAddress(text);
  const http = createServer(
    { headersTimeout: headersTimeoutMs },
    options.onRequest ?? askForSocket,
  );
  const sockets = new WebSocketServer(serverOptions(options));
  const connections = new Set<Connection>();

  http.on('upgrade', (request: IncomingMessage, stream: Duplex, head: Buffer) => {
    if (!offersSubprotocol(request)) {
      refuseUpgrade(stream);
      return;
    }
    sockets.handleUpgrade(request, stream, head, (socket: WebSocket) => {
      const { maxFrameBytes } = options;
      const peer = peerOf(request.socket, address);
      const connection = createWebSocketConnection(socket, { stream, peer, maxFrameBytes, clock });
      connections.add(connection);
      socket.on('close', () => connections.delete(connection));
      options.onConnection(connection);
    });
  });

  await bind(http, address, text);
  return listenerOf(http, connections, boundAddress(http, address));
}

function serverOptions(options: ListenOptions): ServerOptions & CloseTimeout {
  return {
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: options.maxFrameBytes,
    closeTimeout: closeTimeoutMs,
    handleProtocols: () => subprotocol,
  };
}

function listenerOf(
  http: Server,
  connections: ReadonlySet<Connection>,
  address: SocketAddress,
): Listener {
  let closed: Promise<void> | undefined;

  function close(): Promise<void> {
    closed ??= new Promise((resolve) => {
      // Ends when the last socket has: those of the connections too, which Node counts here.
      http.close(() => resolve());
      for (const connection of connections) {
        connection.close(closeCodeOf('shutting-down'), 'the server stopped listening');
      }
      http.closeAllConnections();
    });
    return closed;
  }

  return { url: urlOf(address), close, [Symbol.asyncDispose]: close };
}

function boundAddress(http: Server, address: SocketAddress): SocketAddress {
  const bound = http.address();
  if (address.type === 'unix' || bound === null || typeof bound === 'string') return address;
  return { ...address, port: bound.port };
}

function peerOf(socket: Socket, address: SocketAddress): string {
  if (address.type === 'unix') return `unix:${address.path}`;
  return hostAndPort(socket.remoteAddress ?? 'unknown', socket.remotePort ?? 0);
}

function offersSubprotocol(request: IncomingMessage): boolean {
  const offered = request.headers['sec-websocket-protocol'] ?? '';
  return offered.split(',').some((each) => each.trim() === subprotocol);
}

function refuseUpgrade(stream: Duplex): void {
  const body = `This is a paceline server: connect with the WebSocket subprotocol ${subprotocol}.\n`;
  // The peer may be gone already; there is nobody to tell.
  stream.on('error', () => undefined);
  stream.end(
    'HTTP/1.1 400 Bad Request\r\n' +
      'Connection: close\r\n' +
      'Content-Type: text/plain; charset=utf-8\r\n' +
      `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    () => stream.destroy(),
  );
}

const askForSocket: HttpHandler = (_request, response) => {
  response.writeHead(426, { 'Content-Type': 'text/plain; charset=utf-8', Upgrade: 'websocket' });
  response.end(`This is a paceline server: connect with a WebSocket (${subprotocol}).\n`);
};
