import { readFileSync } from 'node:fs';
import { parseTokens, tokenFor } from '@paceline/protocol';

import { TransportError } from '../errors.ts';
import type { TlsFiles } from '../tls/files.ts';

/** How a client shows who it is. */
export interface Credentials {
  /** Sent with every connection that is made; never in the URL, which ends in logs. */
  readonly token?: string;
  /** Instead of `token`: a file that has one for workers, read with every connection that is made. */
  readonly tokenFile?: string;
  /** For `wss://`: read with every connection that is made, so that new certificates need no restart. */
  readonly tls?: TlsFiles;
}

/** The token to show at this moment. @throws TransportError `bad-token` */
export function currentToken({ token, tokenFile }: Credentials): string | undefined {
  if (tokenFile === undefined) return token;
  try {
    const secret = tokenFor(parseTokens(readFileSync(tokenFile, 'utf8'), tokenFile), 'worker');
    if (secret !== undefined) return secret;
  } catch (cause) {
    const words = cause instanceof Error ? cause.message : String(cause);
    throw new TransportError('bad-token', tokenFile, `no token to show: ${words}`, { cause });
  }
  throw new TransportError('bad-token', tokenFile, `${tokenFile} has no token for worker`);
}

/** In front of a token that travels in the list of subprotocols: base64url, as that list knows no `/` and no `=`. */
const tokenItem = 'paceline.token.';

/** The header that shows a token (RFC 6750, 2.1). */
export function authorization(token: string | undefined): Readonly<Record<string, string>> {
  return token === undefined ? {} : { Authorization: `Bearer ${token}` };
}

/** The token in the headers of a request: of `Authorization`, or of an item `paceline.token.BASE64URL` of the subprotocols. */
export function readToken(headers: {
  readonly authorization?: string | undefined;
  readonly 'sec-websocket-protocol'?: string | undefined;
}): string | undefined {
  const bearer = /^bearer +(\S+) *$/i.exec(headers.authorization ?? '')?.[1];
  if (bearer !== undefined) return bearer;
  const items = (headers['sec-websocket-protocol'] ?? '').split(',').map((each) => each.trim());
  const item = items.find((each) => each.startsWith(tokenItem));
  return item && Buffer.from(item.slice(tokenItem.length), 'base64url').toString('latin1');
}
