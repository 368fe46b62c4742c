import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';

import type { ClientCertificate, Visitor } from '../connection.ts';
import { readToken } from './credentials.ts';

/** What a request says of itself. */
export function visitorOf(
  request: IncomingMessage,
  o: { readonly wants: Visitor['wants']; readonly asksForCertificates: boolean },
): Visitor {
  const { headers, socket, url } = request;
  return {
    wants: o.wants,
    path: (url ?? '/').split('?')[0] ?? '/',
    address: socket.remoteAddress,
    token: readToken(headers),
    origin: headers.origin,
    host: headers.host,
    certificate: o.asksForCertificates ? certificateOf(socket) : undefined,
  };
}

/** Of a socket without TLS nobody can ask one: a Unix socket, which only this user reaches. */
function certificateOf(socket: Socket): ClientCertificate | undefined {
  if (!(socket instanceof TLSSocket)) return undefined;
  // Without a certificate there is no subject, whatever the types say.
  const { subject } = socket.getPeerCertificate() as {
    readonly subject?: { readonly CN?: unknown };
  };
  const name = typeof subject?.CN === 'string' ? subject.CN : undefined;
  return { name, problem: socket.authorized ? undefined : String(socket.authorizationError) };
}
