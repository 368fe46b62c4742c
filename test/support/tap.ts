import { once } from 'node:events';
import type { AddressInfo } from 'node:net';

import { WebSocket, WebSocketServer } from 'ws';
import type { RawData } from 'ws';

/** A frame as it went by. */
export interface CapturedFrame {
  readonly from: 'worker' | 'server';
  readonly bytes: Uint8Array;
}

/** A relay between workers and a server that keeps a copy of every frame. */
export interface Tap extends AsyncDisposable {
  /** Where workers connect instead. */
  readonly url: string;
  readonly frames: readonly CapturedFrame[];
}

/** Opens a tap on a free port of the loopback interface in front of `ws://HOST:PORT`. */
export async function openTap(target: string): Promise<Tap> {
  const frames: CapturedFrame[] = [];
  const listener = new WebSocketServer({
    host: '127.0.0.1',
    port: 0,
    handleProtocols: (offered) => [...offered][0] ?? false,
  });
  listener.on('connection', (worker) => {
    const server = new WebSocket(target, [worker.protocol]);
    const opened = once(server, 'open');
    relay(worker, server, (bytes) => frames.push({ from: 'worker', bytes }), opened);
    relay(server, worker, (bytes) => frames.push({ from: 'server', bytes }), opened);
  });
  await once(listener, 'listening');
  return {
    url: `ws://127.0.0.1:${(listener.address() as AddressInfo).port}`,
    frames,
    async [Symbol.asyncDispose]() {
      for (const client of listener.clients) client.terminate();
      listener.close();
      await once(listener, 'close');
    },
  };
}

/** Passes on what `from` says, and its end with the same close code, in order, once the other side is open. */
function relay(
  from: WebSocket,
  to: WebSocket,
  keep: (bytes: Uint8Array) => void,
  opened: Promise<unknown>,
): void {
  from.on('message', (data: RawData) => {
    const bytes = Uint8Array.from(data as Buffer);
    keep(bytes);
    void opened.then(() => {
      to.send(bytes);
    });
  });
  from.on('close', (code, reason) => {
    void opened.then(() => {
      // 1005 and 1006 stand for "no code came"; they must not be sent.
      if (code === 1005 || code === 1006) to.terminate();
      else to.close(code, reason);
    });
  });
  from.on('error', () => to.terminate());
}
