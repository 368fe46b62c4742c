import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { createCertificate } from '@paceline/transport/certificates';
import type { CertificateUse, Certified } from '@paceline/transport/certificates';

import { PacelineError } from '../errors.ts';

/** What certificates to make. */
export interface MakeCertificatesOptions {
  readonly folder: string;
  /** Host names and IP addresses under which workers reach the server. */
  readonly hosts: readonly string[];
  /** Names of workers that are to have a client certificate. */
  readonly workers: readonly string[];
  /** How long certificates are good; the authority always is for a year. */
  readonly days: number;
  /** Milliseconds since 1970. */
  readonly wallMs: number;
}

/** One certificate that was written. */
export interface MadeCertificate {
  readonly use: CertificateUse;
  readonly name: string;
  readonly certFile: string;
  readonly keyFile: string;
  readonly isNew: boolean;
}

const dayMs = 86_400_000;
const authorityDays = 365;
/** Clocks of machines differ. */
const earlierMs = 3_600_000;
const authorityName = 'paceline throw-away authority';

/**
 * Makes a throw-away authority and, signed by it, certificates for a server and for workers, as PEM files that only this
 * user can read the keys of. An authority that is in the folder already is used again, so that more workers can follow;
 * other certificates are replaced.
 *
 * @throws PacelineError `certificates` when the folder cannot be written, or holds half an authority
 */
export function makeCertificates(options: MakeCertificatesOptions): readonly MadeCertificate[] {
  const { folder, hosts, workers } = options;
  try {
    mkdirSync(folder, { recursive: true });
    const authority = openAuthority(options);
    const leaf = (name: string, use: 'server' | 'client'): MadeCertificate => {
      const content = { use, name, hosts: use === 'server' ? hosts : [] };
      const certified = createCertificate(
        { ...content, ...validFor(options.days, options) },
        authority.it,
      );
      return write(folder, use, certified);
    };
    return [
      authority.made,
      leaf('server', 'server'),
      ...workers.map((name) => leaf(name, 'client')),
    ];
  } catch (cause) {
    const words = cause instanceof Error ? cause.message : String(cause);
    throw new PacelineError('certificates', `No certificates in ${folder}: ${words}`, { cause });
  }
}

function openAuthority(options: MakeCertificatesOptions): {
  readonly it: Certified;
  readonly made: MadeCertificate;
} {
  const { folder } = options;
  const files = filesOf(folder, 'ca');
  if (!existsSync(files.certFile)) {
    const dates = validFor(authorityDays, options);
    const it = createCertificate({ use: 'authority', name: authorityName, ...dates });
    return { it, made: write(folder, 'authority', { ...it, name: 'ca' }) };
  }
  const [certificate, key] = [files.certFile, files.keyFile].map((file) =>
    readFileSync(file, 'utf8'),
  );
  const it = { name: authorityName, certificate: certificate ?? '', key: key ?? '' };
  return { it, made: { use: 'authority', name: 'ca', ...files, isNew: false } };
}

function validFor(
  days: number,
  { wallMs }: MakeCertificatesOptions,
): { readonly from: Date; readonly until: Date } {
  return { from: new Date(wallMs - earlierMs), until: new Date(wallMs + days * dayMs) };
}

/** The key first, and each file whole or not at all: a server that looks at the wrong moment finds a pair or an old one. */
function write(
  folder: string,
  use: CertificateUse,
  { name, certificate, key }: Certified,
): MadeCertificate {
  const files = filesOf(folder, name);
  replace(files.keyFile, key, 0o600);
  replace(files.certFile, certificate, 0o644);
  return { use, name, ...files, isNew: true };
}

function replace(file: string, text: string, mode: number): void {
  writeFileSync(`${file}.new`, text, { mode });
  renameSync(`${file}.new`, file);
}

function filesOf(
  folder: string,
  name: string,
): { readonly certFile: string; readonly keyFile: string } {
  return { certFile: join(folder, `${name}.pem`), keyFile: join(folder, `${name}.key`) };
}
