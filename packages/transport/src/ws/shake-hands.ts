import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { WebSocket, WebSocketServer } from 'ws';

import type { Lane } from '../lane/lane.ts';
import { laneHeader } from '../lane/lane.ts';
import type { ServerLanes } from '../lane/server-lanes.ts';

/** A request to become a WebSocket, as Node hands it over. */
export interface Upgrade {
  readonly request: IncomingMessage;
  readonly stream: Duplex;
  readonly head: Buffer;
  /** Where a lane may be offered in the answer, if the request asks for one. */
  readonly lanes: ServerLanes | undefined;
}

/** Answers an upgrade; `done` is called within the call, unless the request is refused. */
export function shakeHands(
  sockets: WebSocketServer,
  { request, stream, head, lanes }: Upgrade,
  done: (socket: WebSocket, lane: Lane | undefined) => void,
): void {
  let lane: Lane | undefined;
  const offer = (headers: string[]): void => {
    const offered = request.headers[laneHeader] === undefined ? undefined : lanes?.open();
    if (offered) headers.push(`${laneHeader}: ${offered.header}`);
    lane = offered?.lane;
  };
  sockets.once('headers', offer);
  sockets.handleUpgrade(request, stream, head, (socket) => {
    done(socket, lane);
  });
  // A request that was refused has no headers.
  sockets.off('headers', offer);
}
