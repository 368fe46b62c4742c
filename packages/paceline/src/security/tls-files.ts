import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';

import type { ListenTls, TlsFiles } from '@paceline/transport';

import { PacelineError } from '../errors.ts';

/** The files of one side's own certificate; both or none. */
interface OwnFiles {
  readonly tlsCert?: string | undefined;
  readonly tlsKey?: string | undefined;
}

/** What a server is given. */
export interface ServerTlsOptions extends OwnFiles {
  /** The authority of client certificates, which then every worker needs. */
  readonly tlsClientCa?: string | undefined;
}

/** What a client is given. */
export interface ClientTlsOptions extends OwnFiles {
  /** The authority that signed the server's certificate; by default those that Node knows. */
  readonly tlsCa?: string | undefined;
}

/** The TLS of a server; none without a certificate. @throws PacelineError `tls-files` */
export function serverTls(options: ServerTlsOptions): ListenTls | undefined {
  const own = ownFiles(options);
  const { tlsClientCa } = options;
  if (own !== undefined) return { ...own, clientCaFile: tlsClientCa };
  if (tlsClientCa === undefined) return undefined;
  throw new PacelineError('tls-files', '--tls-client-ca needs --tls-cert and --tls-key beside it.');
}

/** The TLS files of a client; empty where the defaults do. @throws PacelineError `tls-files` */
export function clientTls(options: ClientTlsOptions): TlsFiles {
  const { tlsCa } = options;
  return { ...ownFiles(options), ...(tlsCa === undefined ? {} : { caFile: tlsCa }) };
}

/** The name in a certificate: with a server that asks for it, a worker has this name and no other. */
export function nameInCertificate(certFile: string): string | undefined {
  try {
    const { subject } = new X509Certificate(readFileSync(certFile));
    return /^CN=(.+)$/m.exec(subject)?.[1];
  } catch {
    // Whoever connects with it says what is wrong.
    return undefined;
  }
}

function ownFiles({
  tlsCert,
  tlsKey,
}: OwnFiles): { readonly certFile: string; readonly keyFile: string } | undefined {
  if (tlsCert === undefined && tlsKey === undefined) return undefined;
  if (tlsCert !== undefined && tlsKey !== undefined) return { certFile: tlsCert, keyFile: tlsKey };
  throw new PacelineError('tls-files', '--tls-cert and --tls-key belong together: give both.');
}
