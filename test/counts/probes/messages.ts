import { peekKind } from '@paceline/protocol';
import type { Connection, Transport } from '@paceline/transport';
import { wrapConnections } from '@paceline/transport/testing';
import type { Tally } from './tally.ts';

/** A transport whose listeners count the messages that go through their connections, by kind. */
export function countMessages(transport: Transport, tally: Tally): Transport {
  return wrapConnections(transport, (connection) => count(connection, tally));
}

function count(connection: Connection, tally: Tally): Connection {
  const send: Connection['send'] = (frame, sent) => {
    tally.add(`${kindOf(frame)} sent`);
    connection.send(frame, sent);
  };
  const sendCopy: Connection['sendCopy'] = (frame) => {
    const isSent = connection.sendCopy(frame);
    if (isSent) tally.add(`${kindOf(frame)} sent`);
    return isSent;
  };
  const onMessage: Connection['onMessage'] = (handler) => {
    connection.onMessage((frame) => {
      tally.add(`${kindOf(frame)} received`);
      handler(frame);
    });
  };
  const heard: Readonly<Record<string | symbol, unknown>> = { send, sendCopy, onMessage };
  return new Proxy(connection, {
    get: (target, name): unknown => heard[name] ?? Reflect.get(target, name),
  });
}

function kindOf(frame: Uint8Array): string {
  return peekKind(frame) ?? 'unknown';
}
