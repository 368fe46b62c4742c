import type { IncomingMessage } from 'node:http';

import type { Denial, ListenOptions, Visitor } from '../connection.ts';
import { hostAndPort } from './address.ts';
import { visitorOf } from './visitor.ts';

/** Asks the gate of a listener about a request, and tells of whom it turns away. */
export function askGate(
  { gate, tls, onRefusal }: Pick<ListenOptions, 'gate' | 'tls' | 'onRefusal'>,
  request: IncomingMessage,
  wants: Visitor['wants'],
): { readonly visitor: Visitor; readonly denial: Denial | undefined } {
  const asksForCertificates = tls?.clientCaFile !== undefined;
  const visitor = visitorOf(request, { wants, asksForCertificates });
  const denial = gate?.(visitor);
  if (denial) {
    const { remoteAddress, remotePort = 0 } = request.socket;
    const from = remoteAddress === undefined ? 'unix' : hostAndPort(remoteAddress, remotePort);
    onRefusal?.({ reason: 'unauthorized', detail: `${from}: ${denial.words}` });
  }
  return { visitor, denial };
}
