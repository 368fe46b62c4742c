import type { TlsFiles } from '../tls/files.ts';

/** How a client shows who it is. */
export interface Credentials {
  /** Sent with every connection that is made; never in the URL, which ends in logs. */
  readonly token?: string;
  /** For `wss://`: read with every connection that is made, so that new certificates need no restart. */
  readonly tls?: TlsFiles;
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
