import { X509Certificate } from 'node:crypto';

import { createCertificate } from '@paceline/transport/certificates';
import type { CertificateContent } from '@paceline/transport/certificates';
import { describe, expect, it } from 'vitest';

import { der, ipBytes } from '../../src/certificates/der.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

describe('a value', () => {
  it.each([
    ['an object id', der.objectId('1.2.840.10045.4.3.2'), '06082a8648ce3d040302'],
    ['a number', der.integer(Buffer.of(0x7f)), '02017f'],
    ['a number whose first bit would be a sign', der.integer(Buffer.of(0x80)), '02020080'],
    ['a time', der.time(new Date('2026-11-25T09:08:07.999Z')), `170d${hex(text('261125090807Z'))}`],
    ['a late time', der.time(new Date('2050-01-01')), `180f${hex(text('20500101000000Z'))}`],
    ['bits', der.bits(Buffer.of(0x06), 1), '03020106'],
    ['a text', der.text('w1'), '0c027731'],
  ])('%s is encoded as X.690 has it', (_what, bytes, expected) => {
    expect(hex(bytes)).toBe(expected);
  });

  it.each([
    [127, '047f'],
    [128, '048180'],
    [300, '0482012c'],
  ])('of %i bytes has its length in as few bytes as possible', (length, start) => {
    expect(hex(der.octets(new Uint8Array(length))).slice(0, start.length)).toBe(start);
  });

  it.each([
    ['10.0.0.7', '0a000007'],
    ['::1', `${'00'.repeat(15)}01`],
    ['2001:db8::7:0', `20010db8${'00'.repeat(8)}00070000`],
    ['fe80::', `fe80${'00'.repeat(14)}`],
  ])('%s has the bytes of its address', (address, bytes) => {
    expect(hex(ipBytes(address))).toBe(bytes);
  });
});

/** OpenSSL, which reads them, is the oracle here. */
describe('a certificate', () => {
  const dates = { from: new Date('2026-01-01'), until: new Date('2056-01-01') };
  const authority = createCertificate({ use: 'authority', name: 'tryout', ...dates });
  const parse = (content: Omit<CertificateContent, 'from' | 'until'>): X509Certificate =>
    new X509Certificate(createCertificate({ ...content, ...dates }, authority).certificate);
  const issuer = new X509Certificate(authority.certificate);

  it('of an authority signs itself and others, and says when it is good', () => {
    expect(issuer).toMatchObject({
      ca: true,
      subject: 'CN=tryout',
      validFrom: 'Jan  1 00:00:00 2026 GMT',
      validTo: 'Jan  1 00:00:00 2056 GMT',
    });
    expect(issuer.verify(issuer.publicKey)).toBe(true);
  });

  it('of a server is for its names, and for nothing but a server', () => {
    const hosts = ['trainer.example', '10.0.0.7', '::1'];
    const certificate = parse({ use: 'server', name: 'trainer', hosts });
    expect(certificate.checkIssued(issuer)).toBe(true);
    expect(certificate.verify(issuer.publicKey)).toBe(true);
    expect(certificate.checkHost('trainer.example')).toBe('trainer.example');
    expect(certificate.checkHost('other.example')).toBeUndefined();
    expect(certificate.checkIP('10.0.0.7')).toBe('10.0.0.7');
    expect(certificate.checkIP('::1')).toBe('::1');
    expect([certificate.ca, certificate.keyUsage]).toEqual([false, ['1.3.6.1.5.5.7.3.1']]);
  });

  it('of a client has the name of the worker', () => {
    const certificate = parse({ use: 'client', name: 'w1' });
    expect(certificate.subject).toBe('CN=w1');
    expect(certificate.keyUsage).toEqual(['1.3.6.1.5.5.7.3.2']);
    expect(certificate.serialNumber).toHaveLength(32);
  });
});

function text(words: string): Uint8Array {
  return new TextEncoder().encode(words);
}
