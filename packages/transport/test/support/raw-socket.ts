import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';

/** A WebSocket server written by hand (RFC 6455, 4.2.2): gives the bytes of what a client sends. */
export interface RawServer extends AsyncDisposable {
  readonly port: number;
  /** Resolves with the first `length` bytes after the handshake. */
  readonly received: (length: number) => Promise<Buffer>;
}

/** Listens on `host` and shakes hands with every client. */
export async function openRawServer(host: string): Promise<RawServer> {
  let bytes = Buffer.alloc(0);
  let onBytes = (): void => undefined;
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    let isOpen = false;
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      if (isOpen) bytes = Buffer.concat([bytes, chunk]);
      else socket.write(handshakeAnswer(chunk.toString('latin1')));
      isOpen = true;
      onBytes();
    });
  });
  const port = await listenOn(server, host);
  return {
    port,
    async received(length) {
      while (bytes.length < length) await new Promise<void>((resolve) => (onBytes = resolve));
      return bytes;
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

function handshakeAnswer(request: string): string {
  const key = /^sec-websocket-key: (.+)\r$/im.exec(request)?.[1] ?? '';
  const accept = createHash('sha1')
    .update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
    .digest('base64');
  return [
    'HTTP/1.1 101 Switching Protocols',
    'Upgrade: websocket',
    'Connection: Upgrade',
    `Sec-WebSocket-Accept: ${accept}`,
    'Sec-WebSocket-Protocol: paceline.v1',
    '\r\n',
  ].join('\r\n');
}

/** A client that shook hands by hand; `write` sends raw bytes. */
export async function openRawClient(port: number, protocol = 'paceline.v1'): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1' });
  socket.on('error', () => undefined);
  socket.write(
    [
      'GET / HTTP/1.1',
      `Host: 127.0.0.1:${port}`,
      'Upgrade: websocket',
      'Connection: Upgrade',
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
      'Sec-WebSocket-Version: 13',
      `Sec-WebSocket-Protocol: ${protocol}`,
      '\r\n',
    ].join('\r\n'),
  );
  await once(socket, 'readable');
  return socket;
}

/** Listens on a free port of `host` and gives it. */
export async function listenOn(server: Server, host: string): Promise<number> {
  server.listen(0, host);
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

/** The port in a URL. */
export function portOf(url: string): number {
  return Number(new URL(url).port);
}
