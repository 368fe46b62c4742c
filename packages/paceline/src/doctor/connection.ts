import { openPrivateDirectory } from '@paceline/launcher';
import { systemClock } from '@paceline/telemetry';
import type { Connection } from '@paceline/transport';

import { failure } from './finding.ts';
import type { Finding } from './finding.ts';

const payloadBytes = 1 << 20;
const rounds = 20;

/** How fast a server and a worker of this machine can talk. */
export interface LinkSpeed {
  readonly roundTripMs: number;
  readonly bytesPerSecond: number;
}

/**
 * Connects to itself over a Unix socket in a private folder, as a local run does, and measures. Takes some
 * milliseconds; leaves nothing.
 */
export async function examineConnection(): Promise<{
  readonly finding: Finding;
  readonly speed?: LinkSpeed;
}> {
  try {
    const directory = openPrivateDirectory();
    try {
      const speed = await measure(`unix:${directory.socketPath}`);
      const megabytes = Math.round(speed.bytesPerSecond / 1e6);
      const text = `${directory.socketPath}: ${speed.roundTripMs.toFixed(2)} ms there and back, ${megabytes} MB/s`;
      return { speed, finding: { subject: 'socket', status: 'ok', text } };
    } finally {
      directory.remove();
    }
  } catch (error) {
    return { finding: failure('socket', error, 'Set TMPDIR to a short, writable folder.') };
  }
}

async function measure(address: string): Promise<LinkSpeed> {
  const { createWebSocketTransport } = await import('@paceline/transport');
  const transport = createWebSocketTransport(systemClock());
  await using listener = await transport.listen(address, {
    maxFrameBytes: 2 * payloadBytes,
    onConnection: (peer) => {
      peer.onMessage((frame) => {
        peer.send(frame);
      });
    },
  });
  const connection = await transport.connect(listener.url, {
    timeoutMs: 5_000,
    maxFrameBytes: 2 * payloadBytes,
  });
  const small = await time(connection, new Uint8Array(64));
  const large = await time(connection, new Uint8Array(payloadBytes));
  connection.close(1000, 'measured');
  return { roundTripMs: small, bytesPerSecond: (2 * payloadBytes * 1000) / large };
}

/** Median time of an echo, ms. */
async function time(connection: Connection, frame: Uint8Array): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < rounds; i++) {
    const startMs = performance.now();
    const { promise, resolve } = Promise.withResolvers<unknown>();
    connection.onMessage(resolve);
    connection.send(frame);
    await promise;
    times.push(performance.now() - startMs);
  }
  return times.sort((a, b) => a - b)[rounds >> 1] ?? 0;
}
