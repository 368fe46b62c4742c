import { connect } from 'node:net';
import type { NetConnectOpts, Socket } from 'node:net';

import { handshake, rawFrame } from './raw-frames.ts';
import type { RawFrame } from './raw-frames.ts';

/** A socket to the server in hostile hands. Nothing here fails: an end is what it is there for. */
export interface Enemy extends Disposable {
  /** Resolves when the bytes have left, or the socket is gone. */
  write(bytes: string | Uint8Array): Promise<void>;
  frame(frame: RawFrame): Promise<void>;
  /** Opens a WebSocket; false where the server does not let it. */
  open(subprotocol?: string): Promise<boolean>;
  /** All that the server said so far. */
  readonly heard: Buffer;
  /** Resolves when the server said something more, has hung up, or `patienceMs` are over. */
  listen(patienceMs: number): Promise<void>;
  readonly isGone: boolean;
}

/** Connects, or is refused; either is fine. */
export async function openEnemy(target: NetConnectOpts): Promise<Enemy> {
  const socket = connect(target);
  const chunks: Buffer[] = [];
  let isGone = false;
  socket.on('error', () => undefined);
  socket.on('data', (chunk) => chunks.push(chunk));
  socket.on('close', () => (isGone = true));
  await anyOf(socket, ['connect', 'close'], 5_000);
  const enemy: Enemy = {
    write: (bytes) =>
      new Promise((resolve) => {
        socket.once('close', resolve);
        socket.write(bytes, () => {
          socket.off('close', resolve);
          resolve();
        });
      }),
    frame: (frame) => enemy.write(rawFrame(frame)),
    async open(subprotocol) {
      await enemy.write(handshake(subprotocol));
      while (!isGone && !enemy.heard.includes('\r\n\r\n')) await enemy.listen(1_000);
      return enemy.heard.toString('latin1').startsWith('HTTP/1.1 101');
    },
    get heard() {
      return Buffer.concat(chunks);
    },
    listen: (patienceMs) =>
      isGone ? Promise.resolve() : anyOf(socket, ['data', 'close'], patienceMs),
    get isGone() {
      return isGone;
    },
    [Symbol.dispose]() {
      // Without a good-bye where the system can: Unix sockets know no reset.
      if ('path' in target) socket.destroy();
      else socket.resetAndDestroy();
    },
  };
  return enemy;
}

function anyOf(socket: Socket, events: readonly string[], patienceMs: number): Promise<void> {
  return new Promise((resolve) => {
    const finish = (): void => {
      clearTimeout(timer);
      for (const event of events) socket.off(event, finish);
      resolve();
    };
    const timer = setTimeout(finish, patienceMs);
    for (const event of events) socket.once(event, finish);
  });
}
