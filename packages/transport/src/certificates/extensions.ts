import { isIP } from 'node:net';

import { der, ipBytes } from './der.ts';

/** What a certificate is good for. */
export type CertificateUse = 'authority' | 'server' | 'client';

const ids = {
  subjectKeyId: '2.5.29.14',
  keyUsage: '2.5.29.15',
  alternativeNames: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  authorityKeyId: '2.5.29.35',
  extendedKeyUsage: '2.5.29.37',
} as const;

const purposes = { server: '1.3.6.1.5.5.7.3.1', client: '1.3.6.1.5.5.7.3.2' } as const;

/** The extensions (RFC 5280, 4.2.1) of a certificate for `use`; without them it would be good for anything. */
export function extensionsFor(
  use: CertificateUse,
  o: {
    /** Host names and IP addresses. */
    readonly names: readonly string[];
    readonly keyId: Uint8Array;
    readonly issuerKeyId: Uint8Array;
  },
): Buffer {
  return der.sequence(
    extension(ids.subjectKeyId, der.octets(o.keyId)),
    extension(ids.authorityKeyId, der.sequence(der.implicit(0, o.issuerKeyId))),
    ...(use === 'authority' ? authority() : leaf(use)),
    ...(o.names.length === 0 ? [] : [extension(ids.alternativeNames, namesOf(o.names))]),
  );
}

/** It signs certificates and lists of revoked ones (bits 5 and 6), but no other authorities (path length 0). */
function authority(): readonly Buffer[] {
  return [
    extension(ids.basicConstraints, der.sequence(der.yes(), der.integer(Buffer.of(0))), 'critical'),
    extension(ids.keyUsage, der.bits(Buffer.of(0b0000_0110), 1), 'critical'),
  ];
}

/** It signs handshakes (bit 0) on its side. */
function leaf(use: 'server' | 'client'): readonly Buffer[] {
  return [
    extension(ids.basicConstraints, der.sequence(), 'critical'),
    extension(ids.keyUsage, der.bits(Buffer.of(0b1000_0000), 7), 'critical'),
    extension(ids.extendedKeyUsage, der.sequence(der.objectId(purposes[use]))),
  ];
}

function namesOf(names: readonly string[]): Buffer {
  const encode = (name: string): Buffer =>
    isIP(name) === 0 ? der.implicit(2, Buffer.from(name)) : der.implicit(7, ipBytes(name));
  return der.sequence(...names.map(encode));
}

function extension(id: string, content: Uint8Array, critical?: 'critical'): Buffer {
  const mark = critical === undefined ? [] : [der.yes()];
  return der.sequence(der.objectId(id), ...mark, der.octets(content));
}
