import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import type { SecureContextOptions } from 'node:tls';

import { TransportError } from '../errors.ts';

/** Where the certificates of one side lie, as PEM; all of it is read again when it changes. */
export interface TlsFiles {
  /** Its own certificate, and those between it and its authority. A client without one shows none. */
  readonly certFile?: string;
  readonly keyFile?: string;
  /** The authorities whose certificates are believed. A client without it believes those of Node. */
  readonly caFile?: string;
}

/** The contents of the files. TLS 1.3 is the least: it has no weak choices left to get wrong. */
export function readTlsFiles(files: TlsFiles): SecureContextOptions {
  const read = (file: string | undefined): string | undefined =>
    file === undefined ? undefined : readFileSync(file, 'utf8');
  const [cert, key, ca] = [read(files.certFile), read(files.keyFile), read(files.caFile)];
  return {
    minVersion: 'TLSv1.3',
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
    ...(ca === undefined ? {} : { ca }),
  };
}

/**
 * The contents of the files, once OpenSSL could read them and the key fits the certificate.
 * @throws TransportError `bad-certificate`
 */
export function loadTlsFiles(files: TlsFiles): SecureContextOptions {
  try {
    const options = readTlsFiles(files);
    createSecureContext(options);
    return options;
  } catch (cause) {
    const names = [files.certFile, files.keyFile, files.caFile].filter(
      (name) => name !== undefined,
    );
    const words = cause instanceof Error ? cause.message : String(cause);
    const message = `the certificate files (${names.join(', ')}) cannot be used: ${words}`;
    throw new TransportError('bad-certificate', names[0] ?? '', message, { cause });
  }
}
