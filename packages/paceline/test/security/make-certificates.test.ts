import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { makeCertificates } from '../../src/security/make-certificates.ts';
import type { MakeCertificatesOptions } from '../../src/security/make-certificates.ts';
import { clientTls, nameInCertificate, serverTls } from '../../src/security/tls-files.ts';

let folder: string;
beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'paceline-certs-')), 'new', 'certs');
});
afterEach(() => {
  rmSync(join(folder, '../..'), { recursive: true });
});

const make = (options: Partial<MakeCertificatesOptions> = {}): readonly unknown[] =>
  makeCertificates({
    ...{ folder, hosts: ['trainer', '10.0.0.5'], workers: ['w1'], days: 30 },
    wallMs: Date.UTC(2026, 10, 25),
    ...options,
  });

const parse = (name: string): X509Certificate =>
  new X509Certificate(readFileSync(join(folder, `${name}.pem`)));

describe('certificates for trying', () => {
  it('are an authority, a server and workers, whose keys only this user reads', () => {
    expect(make()).toMatchObject([
      { use: 'authority', name: 'ca', isNew: true },
      { use: 'server', name: 'server' },
      { use: 'client', name: 'w1', certFile: join(folder, 'w1.pem') },
    ]);
    const [ca, server, w1] = [parse('ca'), parse('server'), parse('w1')];
    expect([server.checkIssued(ca), w1.checkIssued(ca)]).toEqual([true, true]);
    expect([server.checkHost('trainer'), server.checkIP('10.0.0.5')]).toEqual([
      'trainer',
      '10.0.0.5',
    ]);
    expect(server.validTo).toBe('Dec 25 00:00:00 2026 GMT');
    for (const key of readdirSync(folder).filter((file) => file.endsWith('.key'))) {
      expect(statSync(join(folder, key)).mode & 0o777).toBe(0o600);
    }
    expect(readdirSync(folder)).toHaveLength(6);
  });

  it('made again are of the same authority', () => {
    make();
    const before = [parse('ca').fingerprint256, parse('server').fingerprint256];
    expect(make({ workers: ['w2'] })).toMatchObject([
      { isNew: false },
      { isNew: true },
      { isNew: true },
    ]);
    expect(parse('ca').fingerprint256).toBe(before[0]);
    expect(parse('server').fingerprint256).not.toBe(before[1]);
    expect(parse('w2').verify(parse('ca').publicKey)).toBe(true);
  });

  it('are not made beside half an authority', () => {
    make();
    writeFileSync(join(folder, 'ca.key'), 'no key');
    expect(() => make()).toThrow(/^No certificates in .*certs: /);
  });
});

describe('the TLS files of the flags', () => {
  const both = { tlsCert: 'c', tlsKey: 'k' };

  it('are none, or a pair', () => {
    expect([serverTls({}), clientTls({})]).toEqual([undefined, {}]);
    expect(serverTls(both)).toMatchObject({ certFile: 'c', keyFile: 'k' });
    expect(clientTls({ ...both, tlsCa: 'a' })).toEqual({
      certFile: 'c',
      keyFile: 'k',
      caFile: 'a',
    });
  });

  it('are refused when one of a pair is missing', () => {
    const words = '--tls-cert and --tls-key belong together: give both.';
    expect(() => serverTls({ tlsCert: 'c' })).toThrow(words);
    expect(() => clientTls({ tlsKey: 'k' })).toThrow(words);
    expect(() => serverTls({ tlsClientCa: 'a' })).toThrow('--tls-client-ca needs --tls-cert');
  });

  it('have the name of the worker', () => {
    make();
    expect(nameInCertificate(join(folder, 'w1.pem'))).toBe('w1');
    expect(nameInCertificate(join(folder, 'none.pem'))).toBeUndefined();
  });
});
