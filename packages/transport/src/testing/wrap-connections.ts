import type { Connection, Transport } from '../connection.ts';

/** The same transport, whose listeners are given what `wrap` makes of each connection: to count, to listen in. */
export function wrapConnections(
  transport: Transport,
  wrap: (connection: Connection) => Connection,
): Transport {
  return {
    connect: (url, options) => transport.connect(url, options),
    listen: (address, options) =>
      transport.listen(address, {
        ...options,
        onConnection: (connection, visitor) => {
          options.onConnection(wrap(connection), visitor);
        },
      }),
  };
}
