import { subscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import type { Counts } from './tally.ts';

/** Bytes that went through all sockets of this thread, as the system counts them: WebSocket's headers and all. */
export function watchSockets(): () => Counts {
  const sockets = new Set<Socket>();
  for (const channel of ['net.client.socket', 'net.server.socket']) {
    subscribe(channel, (message) => void sockets.add((message as { socket: Socket }).socket));
  }
  return () => {
    const all = [...sockets];
    return {
      'socket bytes read': all.reduce((sum, { bytesRead }) => sum + bytesRead, 0),
      'socket bytes written': all.reduce((sum, { bytesWritten }) => sum + bytesWritten, 0),
    };
  };
}
