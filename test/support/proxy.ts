import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

/** A stretch of network between a worker and a server, which a test can cut. */
export interface Proxy extends AsyncDisposable {
  /** Where the worker connects instead. */
  readonly url: string;
  /** Cuts every connection without a good-bye, in both directions; how many those were. New ones are let through. */
  cut(): number;
}

/** Opens a proxy on a free port of the loopback interface in front of `ws://HOST:PORT`. */
export async function openProxy(target: string): Promise<Proxy> {
  const { hostname, port } = new URL(target);
  const connections = new Set<readonly [Socket, Socket]>();
  const listener = createServer((client) => {
    const pair = [client, connect(Number(port), hostname)] as const;
    connections.add(pair);
    join(...pair, () => connections.delete(pair));
  });
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const cut = (): number => {
    const count = connections.size;
    for (const pair of connections) for (const socket of pair) socket.resetAndDestroy();
    return count;
  };
  return {
    url: `ws://127.0.0.1:${(listener.address() as AddressInfo).port}`,
    cut,
    async [Symbol.asyncDispose]() {
      cut();
      listener.close();
      await once(listener, 'close');
    },
  };
}

/** Copies both ways until one of the two ends. */
function join(client: Socket, server: Socket, onEnd: () => void): void {
  for (const [from, to] of [
    [client, server],
    [server, client],
  ] as const) {
    from.pipe(to);
    from.on('error', () => to.destroy());
    from.on('close', () => {
      to.end();
      onEnd();
    });
  }
}
