import { decodeMessage, encodeMessage, encodeTensorMessage } from '@paceline/protocol';
import type { WorkerMessage } from '@paceline/protocol';
import { startServer } from '@paceline/server';
import { systemClock } from '@paceline/telemetry';
import { createMemoryLogger } from '@paceline/telemetry/testing';
import { createMemoryTransport } from '@paceline/transport';
import type { Connection, Transport } from '@paceline/transport';

import { toyJob } from '../../packages/server/test/support/toy-run.ts';
import { startToyWorker } from '../../packages/server/test/support/toy-worker.ts';

/** Real frames by kind; all that a worker can say is there. */
export type Corpus = Readonly<
  Record<WorkerMessage['kind'], readonly [Uint8Array, ...Uint8Array[]]>
>;

/** What the toy worker never says. */
const extras = [
  encodeMessage({ kind: 'heartbeat', phase: 'compute', step: 3, busyMs: 250, leafMicros: 1800 }),
  encodeMessage({ kind: 'heartbeat', phase: 'idle', step: 0, busyMs: null, leafMicros: null }),
  encodeMessage({ kind: 'fault', code: 'out-of-memory', message: 'no room', log: 'a\nb' }),
  encodeMessage({ kind: 'goodbye', reason: 'SIGTERM' }),
  encodeTensorMessage(
    { kind: 'evaluated', term: 1, version: 4, level: 0, index: 1, dtype: 'f32', length: 2 },
    new Uint8Array(8),
  ),
];

/**
 * Trains the toy run once and keeps what its worker said. With `fingerprint` the layout is one that another run refuses:
 * a fuzzer that is let in could compute wrong numbers, which is another matter than wrong bytes.
 */
export async function recordCorpus(o: { readonly fingerprint: string }): Promise<Corpus> {
  const frames: Uint8Array[] = [];
  const transport = recording(createMemoryTransport(), frames);
  await using server = await startServer({
    job: toyJob(),
    source: { kind: 'file', name: 'toy' },
    listen: 'memory:corpus',
    transport,
    clock: systemClock(),
    logger: createMemoryLogger(),
    onEvent: () => undefined,
  });
  const { fingerprint } = o;
  await startToyWorker(transport, server.url, { name: 'recorded', layout: { fingerprint } });
  await server.finished;
  return sorted([...frames, ...extras]);
}

function recording(transport: Transport, frames: Uint8Array[]): Transport {
  return {
    ...transport,
    async connect(url, options) {
      const connection: Connection = await transport.connect(url, options);
      const send = connection.send.bind(connection);
      connection.send = (frame, sent) => {
        frames.push(frame.slice());
        send(frame, sent);
      };
      return connection;
    },
  };
}

function sorted(frames: readonly Uint8Array[]): Corpus {
  const byKind = Map.groupBy(frames, (frame) => decodeMessage(frame, 'worker').kind);
  return Object.fromEntries(byKind) as unknown as Corpus;
}
