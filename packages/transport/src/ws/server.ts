import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { closeCodeOf, subprotocol } from '@paceline/protocol';
import type { Clock } from '@paceline/telemetry';
import { WebSocketServer } from 'ws';
import type { ServerOptions } from 'ws';

import type { Connection, HttpHandler, Listener, ListenOptions } from '../connection.ts';
import { createServerLanes } from '../lane/server-lanes.ts';
import { askGate } from './ask-gate.ts';
import { hostAndPort, parseAddress, textOf, urlOf } from './address.ts';
import type { SocketAddress } from './address.ts';
import { bind } from './bind.ts';
import { closeTimeoutMs } from './close-timeout.ts';
import type { CloseTimeout } from './close-timeout.ts';
import { createGuardedServer, endRaw } from './http-guard.ts';
import type { HttpServer } from './http-server.ts';
import { createLobby } from './lobby.ts';
import type { Lobby } from './lobby.ts';
import { shakeHands } from './shake-hands.ts';
import { createWebSocketConnection } from './web-socket-connection.ts';
import type { WebSocketConnectionOptions } from './incoming.ts';

/** A message comes in one piece, or in few: browsers cut large ones. */
const mostFragments = 4096;
/** Each piece that TCP delivers costs an object until its frame is complete: this is a third of a small packet. */
const leastChunkBytes = 512;
const leastChunks = 1024;

/** Listens for WebSocket connections, and plain HTTP on the same port. @throws TransportError */
export async function listenWebSocket(
  text: string,
  options: ListenOptions,
  clock: Clock,
): Promise<Listener> {
  const address = parseAddress(text);
  const { guard, onRefusal } = options;
  const lobby = createLobby({ guard, clock, onRefusal });
  const tls = address.type === 'unix' ? undefined : options.tls;
  const handler = options.onRequest ?? askForSocket;
  const server = createGuardedServer({ ...options, tls }, { lobby, handler, clock });
  const { http, bareSocket } = server;
  const sockets = createSocketServer(options);
  const connections = new Set<Connection>();
  const lanes = address.type === 'unix' ? createServerLanes(options.frameMemory) : undefined;

  http.on('upgrade', (request: IncomingMessage, stream: Duplex, head: Buffer) => {
    const bare = bareSocket(request.socket);
    if (lobby.isTurnedAway(bare)) return endRaw(stream, '503 Service Unavailable');
    if (!offersSubprotocol(request)) {
      onRefusal?.({ reason: 'bad-upgrade', detail: `another subprotocol than ${subprotocol}` });
      return endRaw(stream, '400 Bad Request', upgradeWords);
    }
    const { visitor, denial } = askGate(options, request, 'connection');
    if (denial?.status === 429) return endRaw(stream, '429 Too Many Requests', denial.words);
    const upgrade = { request, stream, head, lanes: denial ? undefined : lanes };
    shakeHands(sockets, upgrade, (socket, lane) => {
      const peer = peerOf(request.socket, address);
      const connection = createWebSocketConnection(socket, {
        ...{ stream, peer, clock, lane, maxFrameBytes: options.maxFrameBytes },
        isProtected: address.type === 'unix' || tls !== undefined,
        certifiedName: visitor.certificate?.name,
        ...guardOf(bare, options, lobby),
      });
      lobby.onDismissal(bare, () => {
        if (socket.readyState === socket.OPEN) connection.close(1013, noRoomWords);
        else connection.terminate();
      });
      connections.add(connection);
      socket.on('close', () => connections.delete(connection));
      // A browser sees nothing of a failed upgrade: whoever is denied is connected, to be told why.
      if (denial) connection.close(closeCodeOf('unauthorized'), denial.words);
      else options.onConnection(connection, visitor);
    });
  });

  await bind(http, address, text).catch((error: unknown) => {
    server.stop();
    throw error;
  });
  const bound = boundAddress(http, address);
  const where = { address: textOf(bound), url: urlOf(bound, tls !== undefined) };
  http.on('close', () => lanes?.close());
  return listenerOf(server, connections, where);
}

const upgradeWords = `This is a paceline server: connect with the WebSocket subprotocol ${subprotocol}.\n`;
const noRoomWords = 'too many connections that have not said hello';

/** How a connection is held to the limits of strangers until it is admitted. */
function guardOf(
  socket: Socket,
  { guard, onRefusal }: ListenOptions,
  lobby: Lobby,
): Pick<WebSocketConnectionOptions, 'strangerBytes' | 'onAdmit' | 'onRefusal'> {
  return {
    strangerBytes: guard?.strangerBytes,
    onAdmit: () => lobby.leave(socket),
    ...(onRefusal ? { onRefusal } : {}),
  };
}

function createSocketServer(options: ListenOptions): WebSocketServer {
  const sockets = new WebSocketServer(serverOptions(options));
  // Without a listener, `ws` answers by itself; this one is told why.
  sockets.on('wsClientError', (error, stream) => {
    options.onRefusal?.({ reason: 'bad-upgrade', detail: error.message });
    endRaw(stream, '400 Bad Request', `${error.message}\n`);
  });
  return sockets;
}

function serverOptions(options: ListenOptions): ServerOptions & CloseTimeout {
  return {
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: options.maxFrameBytes,
    maxFragments: mostFragments,
    maxBufferedChunks: Math.max(leastChunks, Math.ceil(options.maxFrameBytes / leastChunkBytes)),
    closeTimeout: closeTimeoutMs,
    handleProtocols: () => subprotocol,
  };
}

function listenerOf(
  server: HttpServer,
  connections: ReadonlySet<Connection>,
  where: Pick<Listener, 'address' | 'url'>,
): Listener {
  let closed: Promise<void> | undefined;

  function close(): Promise<void> {
    closed ??= new Promise((resolve) => {
      // Ends when the last socket has: those of the connections too, which Node counts here.
      server.http.close(() => resolve());
      for (const connection of connections) {
        connection.close(closeCodeOf('shutting-down'), 'the server stopped listening');
      }
      server.http.closeAllConnections();
      server.stop();
    });
    return closed;
  }

  return { ...where, close, [Symbol.asyncDispose]: close };
}

function boundAddress(http: HttpServer['http'], address: SocketAddress): SocketAddress {
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

const askForSocket: HttpHandler = (_request, response) => {
  response.writeHead(426, { 'Content-Type': 'text/plain; charset=utf-8', Upgrade: 'websocket' });
  response.end(`This is a paceline server: connect with a WebSocket (${subprotocol}).\n`);
};
