import type { Socket } from 'node:net';

/**
 * Which bare socket lies below a TLS socket. Node tells of both and not that they belong together; their addresses do, as
 * long as both are open.
 */
export interface SocketPairs {
  /** A bare socket came. */
  add(socket: Socket): void;
  /** The bare socket below `socket`, or itself where there is no TLS. */
  below(socket: Socket): Socket;
  /** Its handshake is done, or has failed for a reason that is told elsewhere. */
  greeted(socket: Socket): void;
  /** Ends those in a handshake, of which only this table knows. */
  destroyUngreeted(): void;
}

/**
 * Creates an empty table. `onHangUp` is told of those that ended their handshake in the middle; not of those that
 * connected and said nothing, as probes do.
 */
export function createSocketPairs(onHangUp: () => void): SocketPairs {
  const sockets = new Map<string, Socket>();
  const ungreeted = new Set<Socket>();
  const below = (socket: Socket): Socket => sockets.get(keyOf(socket)) ?? socket;
  return {
    add(socket) {
      const key = keyOf(socket);
      sockets.set(key, socket);
      ungreeted.add(socket);
      socket.once('close', () => {
        sockets.delete(key);
        if (ungreeted.delete(socket) && socket.bytesRead > 0) onHangUp();
      });
    },
    below,
    greeted: (socket) => void ungreeted.delete(below(socket)),
    destroyUngreeted() {
      const left = [...ungreeted];
      ungreeted.clear();
      for (const socket of left) socket.destroy();
    },
  };
}

function keyOf({ remoteAddress, remotePort, localAddress, localPort }: Socket): string {
  return [remoteAddress, remotePort, localAddress, localPort].join(' ');
}
