import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  randomBytes,
  sign,
} from 'node:crypto';
import type { KeyObject } from 'node:crypto';

import { der } from './der.ts';
import { extensionsFor } from './extensions.ts';
import type { CertificateUse } from './extensions.ts';

/** A certificate and its private key, as files hold them (PEM). */
export interface Certified {
  readonly name: string;
  readonly certificate: string;
  readonly key: string;
}

/** What a certificate says. */
export interface CertificateContent {
  readonly use: CertificateUse;
  /** The common name; of a client, the worker's name. */
  readonly name: string;
  /** Host names and IP addresses that a server is reached under. */
  readonly hosts?: readonly string[];
  readonly from: Date;
  readonly until: Date;
}

const ecdsaWithSha256 = der.sequence(der.objectId('1.2.840.10045.4.3.2'));
const version3 = der.explicit(0, der.integer(Buffer.of(2)));

/**
 * Makes a key (P-256, which everything can verify) and an X.509 certificate (RFC 5280) for it, signed by `authority`, or by
 * itself without one. For trying and for tests: nothing is ever revoked, and the key of the authority lies beside the
 * others.
 */
export function createCertificate(content: CertificateContent, authority?: Certified): Certified {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const issuer = authority ?? { name: content.name };
  const issuerKey = authority ? createPrivateKey(authority.key) : privateKey;
  const body = bodyOf(content, { publicKey, issuerName: issuer.name, issuerKey });
  const signature = sign('sha256', body, issuerKey);
  return {
    name: content.name,
    certificate: pem('CERTIFICATE', der.sequence(body, ecdsaWithSha256, der.bits(signature))),
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

/** What is signed (4.1.2), in the order of the standard. */
function bodyOf(
  { use, name, hosts, from, until }: CertificateContent,
  o: { readonly publicKey: KeyObject; readonly issuerName: string; readonly issuerKey: KeyObject },
): Buffer {
  const keyId = keyIdOf(o.publicKey);
  const issuerKeyId = keyIdOf(createPublicKey(o.issuerKey));
  return der.sequence(
    version3,
    der.integer(Buffer.concat([Buffer.of(0x01), randomBytes(15)])),
    ecdsaWithSha256,
    commonName(o.issuerName),
    der.sequence(der.time(from), der.time(until)),
    commonName(name),
    o.publicKey.export({ type: 'spki', format: 'der' }),
    der.explicit(3, extensionsFor(use, { names: hosts ?? [], keyId, issuerKeyId })),
  );
}

function commonName(name: string): Buffer {
  return der.sequence(der.set(der.sequence(der.objectId('2.5.4.3'), der.text(name))));
}

/** A name for a key, to find the issuer by: any unique value will do (RFC 7093 takes a digest like this one). */
function keyIdOf(key: KeyObject): Buffer {
  const bytes = key.export({ type: 'spki', format: 'der' });
  return createHash('sha256').update(bytes).digest().subarray(0, 20);
}

/** Base64 in lines of 64 characters (RFC 7468). */
function pem(label: string, bytes: Buffer): string {
  const lines = bytes.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}
