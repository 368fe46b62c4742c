import type { IncomingMessage } from 'node:http';

import type { Visitor } from '../connection.ts';
import { readToken } from './credentials.ts';

/** What a request says of itself. */
export function visitorOf(request: IncomingMessage, wants: Visitor['wants']): Visitor {
  const { headers, socket, url } = request;
  return {
    wants,
    path: (url ?? '/').split('?')[0] ?? '/',
    address: socket.remoteAddress,
    token: readToken(headers),
    origin: headers.origin,
    host: headers.host,
  };
}
