import { once } from 'node:events';
import { connect } from 'node:net';
import { createWebSocketTransport } from '@paceline/transport';
import type { BareAddress } from './peer.ts';
import type { Subject } from './subject.ts';

/** A subject that has a connection. */
export interface ConnectedSubject extends Subject {
  dispose(): void;
}

/** Sends `bytes` through a bare socket and waits for as many: no messages, no copies but the system's. */
export async function bareSubject(address: BareAddress, bytes: number): Promise<ConnectedSubject> {
  const socket = connect(address);
  await once(socket, 'connect');
  socket.setNoDelay();
  const outgoing = Buffer.alloc(bytes, 1);
  let missing = 0;
  let arrived = (): void => undefined;
  socket.on('data', (chunk) => {
    missing -= chunk.length;
    if (missing === 0) arrived();
  });
  return {
    name: 'bare socket',
    bytes: 2 * bytes,
    run: () =>
      new Promise<void>((resolve) => {
        arrived = resolve;
        missing = bytes;
        socket.write(outgoing);
      }),
    dispose: () => void socket.destroy(),
  };
}

/** Sends a frame through our transport and waits for one; over a Unix socket there is a lane. */
export async function transportSubject(url: string, bytes: number): Promise<ConnectedSubject> {
  const limits = { timeoutMs: 5000, maxFrameBytes: 2 * bytes };
  const connection = await createWebSocketTransport().connect(url, limits);
  const outgoing = new Uint8Array(bytes).fill(1);
  let arrived = (): void => undefined;
  connection.onMessage(() => arrived());
  return {
    name: url.startsWith('ws+unix') ? 'transport, with its lane' : 'transport',
    bytes: 2 * bytes,
    run: () =>
      new Promise<void>((resolve) => {
        arrived = resolve;
        connection.send(outgoing);
      }),
    dispose: () => connection.terminate(),
  };
}
