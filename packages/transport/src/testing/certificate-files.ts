import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { createCertificate } from '../certificates/certificate.ts';
import type { CertificateContent, Certified } from '../certificates/certificate.ts';

const dayMs = 86_400_000;

/** Certificates for tests, as files in a folder of the test's. */
export interface TestAuthority {
  /** For `caFile`. */
  readonly caFile: string;
  /** Writes a certificate; valid from yesterday until tomorrow unless told otherwise. */
  issue(
    name: string,
    content: Partial<CertificateContent> & Pick<CertificateContent, 'use'>,
  ): { readonly certFile: string; readonly keyFile: string };
}

/** Makes an authority whose files lie in `folder`. */
export function createTestAuthority(folder: string): TestAuthority {
  const now = Date.now();
  const times = { from: new Date(now - dayMs), until: new Date(now + dayMs) };
  const authority = createCertificate({ use: 'authority', name: 'test authority', ...times });
  mkdirSync(folder, { recursive: true });
  const caFile = join(folder, 'ca.pem');
  writeFileSync(caFile, authority.certificate);
  return {
    caFile,
    issue(name, content) {
      const hosts = content.use === 'server' ? ['localhost', '127.0.0.1', '::1'] : [];
      return write(folder, createCertificate({ name, hosts, ...times, ...content }, authority));
    },
  };
}

function write(
  folder: string,
  { name, certificate, key }: Certified,
): { readonly certFile: string; readonly keyFile: string } {
  const files = { certFile: join(folder, `${name}.pem`), keyFile: join(folder, `${name}.key`) };
  writeFileSync(files.certFile, certificate);
  writeFileSync(files.keyFile, key, { mode: 0o600 });
  return files;
}
