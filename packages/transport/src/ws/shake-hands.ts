import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { WebSocket, WebSocketServer } from 'ws';

import type { Lane } from '../lane/lane.ts';
import { laneHeader, openLane } from '../lane/lane.ts';

/** A request to become a WebSocket, as Node hands it over. */
export interface Upgrade {
  readonly request: IncomingMessage;
  readonly stream: Duplex;
  readonly head: Buffer;
  /** Offer a lane in the answer, where the request asks for one and it can be had. */
  readonly mayHaveLane: boolean;
}

/** Answers an upgrade; `done` is called within the call, unless the request is refused. */
export function shakeHands(
  sockets: WebSocketServer,
  { request, stream, head, mayHaveLane }: Upgrade,
  done: (socket: WebSocket, lane: Lane | undefined) => void,
): void {
  let lane: Lane | undefined;
  const offer = (headers: string[]): void => {
    if (!mayHaveLane || request.headers[laneHeader] === undefined) return;
    lane = openLane();
    if (lane) headers.push(`${laneHeader}: ${lane.path}`);
  };
  sockets.once('headers', offer);
  sockets.handleUpgrade(request, stream, head, (socket) => {
    done(socket, lane);
  });
  // A request that was refused has no headers.
  sockets.off('headers', offer);
}
