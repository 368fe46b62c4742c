// Answers on a bare socket and on our transport, each over a Unix socket and over TCP.
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { createWebSocketTransport } from '@paceline/transport';
import type { BareAddress } from './peer.ts';

const { bytes, folder } = workerData as { readonly bytes: number; readonly folder: string };
const answer = new Uint8Array(bytes).fill(2);
const transport = createWebSocketTransport();
const host = '127.0.0.1';

parentPort?.postMessage({
  bare: {
    unix: await listenBare({ path: join(folder, 'bare') }),
    tcp: await listenBare({ host, port: 0 }),
  },
  url: {
    unix: await listen(`unix:${join(folder, 'transport')}`),
    tcp: await listen(`${host}:0`),
  },
});

async function listenBare(address: BareAddress): Promise<BareAddress> {
  const server = createServer(answerAll).listen(address);
  await once(server, 'listening');
  return 'path' in address ? address : { host, port: (server.address() as AddressInfo).port };
}

function answerAll(socket: Socket): void {
  let missing = bytes;
  socket.setNoDelay();
  socket.on('error', () => undefined);
  socket.on('data', (chunk) => {
    missing -= chunk.length;
    if (missing > 0) return;
    missing = bytes;
    socket.write(answer);
  });
}

async function listen(address: string): Promise<string> {
  const listener = await transport.listen(address, {
    maxFrameBytes: 2 * bytes,
    onConnection: (connection) => {
      connection.onMessage(() => {
        connection.send(answer);
      });
    },
  });
  return listener.url;
}
