import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/** An HTTP proxy of a test's, on loopback. */
export interface ConnectProxy extends AsyncDisposable {
  readonly port: number;
  /** Whom it was asked to connect to so far, as `HOST:PORT`. */
  readonly asked: readonly string[];
  /** What travelled through it, both ways. */
  readonly bytes: () => Buffer;
  /** Resets all tunnels that are open; how many those were. */
  cut(): number;
}

export interface ConnectProxyOptions {
  /** Where every tunnel leads, whatever was asked for: the proxy knows names that nobody else does. */
  readonly to: { readonly port: number };
  /** `USER:PASSWORD` that it wants. */
  readonly credentials?: string;
  /** A status line that it answers instead, such as `403 Forbidden`; `silence`: nothing. */
  readonly answer?: string;
}

/** Opens one on a free port. */
export async function openConnectProxy(options: ConnectProxyOptions): Promise<ConnectProxy> {
  const asked: string[] = [];
  const chunks: Buffer[] = [];
  const sockets = new Set<Socket>();
  const tunnels = new Set<Socket>();
  const server = createServer((_request, response) => response.writeHead(400).end());
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).once('close', () => sockets.delete(socket));
  });
  server.on('connect', (request, stream, head: Buffer) => {
    asked.push(request.url ?? '');
    const refusal = refusalOf(options, request);
    if (refusal === 'silence') return;
    if (refusal !== undefined) return void stream.end(`HTTP/1.1 ${refusal}\r\n\r\n`);
    const upstream = connect(options.to.port, '127.0.0.1');
    tunnels.add(upstream);
    upstream.once('close', () => tunnels.delete(upstream));
    join(stream, upstream, chunks);
    stream.write('HTTP/1.1 200 Connection established\r\n\r\n');
    upstream.write(head);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const cut = (): number => {
    const count = tunnels.size;
    for (const tunnel of tunnels) tunnel.resetAndDestroy();
    return count;
  };
  return {
    port: (server.address() as AddressInfo).port,
    asked,
    bytes: () => Buffer.concat(chunks),
    cut,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

function refusalOf(
  { credentials, answer }: ConnectProxyOptions,
  { headers }: IncomingMessage,
): string | undefined {
  if (answer !== undefined) return answer;
  if (credentials === undefined) return undefined;
  const wanted = `Basic ${Buffer.from(credentials).toString('base64')}`;
  if (headers['proxy-authorization'] === wanted) return undefined;
  return '407 Proxy Authentication Required';
}

/** Lets bytes flow both ways until one of the two ends. */
function join(client: Duplex, server: Socket, chunks: Buffer[]): void {
  for (const [from, to] of [
    [client, server],
    [server, client],
  ] as const) {
    from.on('data', (chunk: Buffer) => chunks.push(chunk));
    from.pipe(to);
    from.on('error', () => undefined).once('close', () => to.destroy());
  }
}
