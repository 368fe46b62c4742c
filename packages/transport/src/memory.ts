import { closeCodeOf } from '@paceline/protocol';
import { systemClock } from '@paceline/telemetry';
import type { Clock } from '@paceline/telemetry';

import type { Connection, Listener, ListenOptions, Transport } from './connection.ts';
import { TransportError } from './errors.ts';
import { createMemoryPair } from './memory-pair.ts';

/** A listener, and the server's ends of what is connected to it. */
interface Place {
  readonly options: ListenOptions;
  readonly connections: Set<Connection>;
}

/**
 * Connections inside one process, for tests and the simulator: addresses and URLs are `memory:name`,
 * known to this transport alone. Frames are copied and arrive in microtasks, so that a whole cluster
 * runs deterministically on a manual clock.
 */
export function createMemoryTransport(clock: Clock = systemClock()): Transport {
  const places = new Map<string, Place>();

  return {
    async listen(address, options) {
      checkAddress(address);
      if (places.has(address)) {
        throw new TransportError('address-in-use', address, `${address}: in use`);
      }
      const place = { options, connections: new Set<Connection>() };
      places.set(address, place);
      await Promise.resolve();
      return listenerOf(address, place.connections, () => places.delete(address));
    },

    async connect(url, { maxFrameBytes }) {
      checkAddress(url);
      await Promise.resolve();
      const place = places.get(url);
      if (!place) throw new TransportError('refused', url, `${url}: nobody listens there`);
      const { near, far } = createMemoryPair({
        peer: url,
        clock,
        maxFrameBytes: { near: maxFrameBytes, far: place.options.maxFrameBytes },
        strangerBytes: place.options.guard?.strangerBytes,
        onTooLarge: () => place.options.onRefusal?.({ reason: 'too-large', detail: url }),
        onEnd: () => place.connections.delete(far),
      });
      place.connections.add(far);
      place.options.onConnection(far);
      return near;
    },
  };
}

function checkAddress(address: string): void {
  if (!/^memory:.+$/.test(address)) {
    throw new TransportError('bad-address', address, `${address}: an address here is memory:name`);
  }
}

function listenerOf(
  url: string,
  connections: ReadonlySet<Connection>,
  stopListening: () => void,
): Listener {
  let closed: Promise<void> | undefined;

  async function closeOnce(): Promise<void> {
    stopListening();
    for (const connection of connections) {
      connection.close(closeCodeOf('shutting-down'), 'the server stopped listening');
    }
    while (connections.size > 0) await Promise.resolve();
  }

  const close = (): Promise<void> => (closed ??= closeOnce());
  return { address: url, url, close, [Symbol.asyncDispose]: close };
}
