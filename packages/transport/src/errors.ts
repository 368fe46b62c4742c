/**
 * Why a server cannot listen or a peer cannot be reached.
 *
 * | code | cause | fix |
 * |---|---|---|
 * | `bad-address` | not HOST:PORT, [V6]:PORT, unix:/path or a ws URL | write it so |
 * | `path-too-long` | a Unix socket's path does not fit the system's limit | use a shorter folder |
 * | `address-in-use` | a living process has the port or the socket file | stop it, or listen elsewhere |
 * | `not-allowed` | no permission for the port or the folder | use a port above 1023, or another folder |
 * | `no-such-address` | this machine has no such address | listen on an address of this machine |
 * | `dns` | the host name is unknown | check the name and the resolver |
 * | `refused` | nobody listens there (yet) | start the server; check the port |
 * | `unreachable` | no route to the machine | check the network |
 * | `timeout` | no answer in time | check firewalls and the address |
 * | `busy` | the server has no room for more connections | try again in a second |
 * | `not-a-paceline-server` | somebody else answers there | check the address and the versions |
 * | `bad-token` | the token file is missing, or has no token for workers | the message says |
 * | `bad-certificate` | the certificate files are missing, no PEM, or do not fit each other | the message says |
 * | `untrusted` | the server's certificate has expired, or is of an authority or for a name that does not fit | `--tls-ca`; a new certificate |
 * | `tls-mismatch` | one side speaks TLS 1.3 and the other does not | use wss:// with servers that have a certificate, ws:// with others |
 * | `bad-proxy` | the environment names a proxy of another kind than HTTP | `HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY` |
 * | `proxy-refused` | the proxy wants other credentials, or opens no way to this server | credentials in its URL; `NO_PROXY` |
 * | `proxy-failed` | the proxy is not reached, or does not reach the server (yet) | start it; `NO_PROXY` |
 * | `failed` | anything else; the cause says what | |
 */
export type TransportErrorCode =
  | 'bad-address'
  | 'path-too-long'
  | 'address-in-use'
  | 'not-allowed'
  | 'no-such-address'
  | 'dns'
  | 'refused'
  | 'unreachable'
  | 'timeout'
  | 'busy'
  | 'not-a-paceline-server'
  | 'bad-token'
  | 'bad-certificate'
  | 'untrusted'
  | 'tls-mismatch'
  | 'bad-proxy'
  | 'proxy-refused'
  | 'proxy-failed'
  | 'failed';

/** A server could not listen, or a connection did not come about. */
export class TransportError extends Error {
  override readonly name = 'TransportError';
  readonly code: TransportErrorCode;
  /** The address or URL that was asked for. */
  readonly address: string;

  constructor(code: TransportErrorCode, address: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.address = address;
  }
}

/** The system's code of an error, for example `ECONNREFUSED`. */
export function systemCode(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
