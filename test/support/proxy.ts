import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, NetConnectOpts, Socket } from 'node:net';

import { createFlow } from './flow.ts';
import type { Direction, Fault, Faults, Flow } from './flow.ts';

/**
 * A stretch of network between a worker and a server, which a test can make as bad as networks are. What is asked for
 * counts for connections that are there and for those to come, until something else is asked for.
 */
export interface Proxy extends AsyncDisposable {
  /** Where the worker connects instead. */
  readonly url: string;
  /** Resets every connection, without a good-bye; how many those were. New ones are let through. */
  cut(): number;
  /** Holds every byte back for `ms`, in both directions. */
  delay(ms: number): void;
  /** Lets so many bytes a second through, in each direction of each connection. */
  throttle(bytesPerSecond: number): void;
  /** From now on bytes vanish, both ways, and nobody is told; how many connections that concerns. */
  halfOpen(): number;
  /** Lets bytes through again; those that vanished are lost. */
  resume(): void;
  /** Flips the bits of the next `bytes` bytes that travel that way, on any connection, once. */
  corrupt(bytes: number, direction: Direction): void;
  /** How often each fault took effect so far: a test shows by it that its fault was there. */
  readonly fired: Readonly<Record<Fault, number>>;
}

/** Opens a proxy on a free port of the loopback interface in front of `ws://HOST:PORT` or `ws+unix:///PATH:/`. */
export async function openProxy(target: string): Promise<Proxy> {
  const connections = new Set<readonly [Socket, Socket]>();
  const faults = noFaults();
  const { fired } = faults;
  const listener = createServer((client) => {
    const pair = [client, connect(addressOf(target))] as const;
    connections.add(pair);
    join(pair, faults, () => connections.delete(pair));
  });
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const cut = (): number => {
    const count = connections.size;
    fired.cut += count;
    for (const [client, server] of connections) {
      client.resetAndDestroy();
      // A Unix socket knows no reset: its peer sees an end.
      if (server.remoteAddress === undefined) server.destroy();
      else server.resetAndDestroy();
    }
    return count;
  };
  return {
    url: `ws://127.0.0.1:${(listener.address() as AddressInfo).port}`,
    fired,
    cut,
    delay: (ms) => void (faults.delayMs = ms),
    throttle: (bytesPerSecond) => void (faults.bytesPerSecond = bytesPerSecond),
    halfOpen() {
      faults.isHalfOpen = true;
      return connections.size;
    },
    resume: () => void (faults.isHalfOpen = false),
    corrupt: (bytes, direction) => void (faults.corruptBytes[direction] += bytes),
    async [Symbol.asyncDispose]() {
      cut();
      listener.close();
      await once(listener, 'close');
    },
  };
}

function noFaults(): Faults {
  return {
    delayMs: 0,
    bytesPerSecond: Infinity,
    isHalfOpen: false,
    corruptBytes: { up: 0, down: 0 },
    fired: { cut: 0, delay: 0, throttle: 0, halfOpen: 0, corrupt: 0 },
  };
}

function addressOf(target: string): NetConnectOpts {
  const path = /^ws\+unix:\/\/([^:]+)/.exec(target)?.[1];
  if (path !== undefined) return { path: decodeURI(path) };
  const { hostname, port } = new URL(target);
  return { host: hostname, port: Number(port) };
}

/** Lets bytes flow both ways until one of the two ends. */
function join(
  [client, server]: readonly [Socket, Socket],
  faults: Faults,
  onEnd: () => void,
): void {
  const flows: readonly Flow[] = [
    createFlow(client, server, { direction: 'up', faults }),
    createFlow(server, client, { direction: 'down', faults }),
  ];
  for (const socket of [client, server]) {
    socket.on('close', () => {
      for (const flow of flows) flow.stop();
      onEnd();
    });
  }
}
