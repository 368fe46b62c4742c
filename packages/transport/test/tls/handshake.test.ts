import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { connect as connectSocket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { createWebSocketTransport } from '@paceline/transport';
import type {
  Connection,
  Credentials,
  Listener,
  ListenOptions,
  Visitor,
} from '@paceline/transport';
import { createTestAuthority } from '@paceline/transport/testing';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';

import { portOf } from '../support/raw-socket.ts';

const folder = mkdtempSync(join(tmpdir(), 'paceline-tls-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const authority = createTestAuthority(join(folder, 'ours'));
const other = createTestAuthority(join(folder, 'theirs'));
const server = authority.issue('server', { use: 'server' });
const trusting: Credentials = { tls: { caFile: authority.caFile } };

let refusals: string[];
let visitors: Visitor[];
let connections: Connection[];
let opened: Listener | undefined;
beforeEach(() => {
  [refusals, visitors, connections] = [[], [], []];
});
afterEach(() => opened?.close());

async function listen(options: Partial<ListenOptions> = {}): Promise<string> {
  opened = await createWebSocketTransport().listen('127.0.0.1:0', {
    onConnection: (connection) => connections.push(connection),
    onRefusal: ({ reason, detail }) => refusals.push(`${reason}: ${detail}`),
    gate: (visitor) => {
      visitors.push(visitor);
      return undefined;
    },
    maxFrameBytes: 1000,
    tls: server,
    ...options,
  });
  return opened.url;
}

const connect = (url: string, credentials: Credentials = trusting): Promise<Connection> =>
  createWebSocketTransport(undefined, credentials).connect(url, {
    timeoutMs: 10_000,
    maxFrameBytes: 1000,
  });

const failure = (code: string, words: RegExp): object => ({
  code,
  message: expect.stringMatching(words) as unknown,
});

describe('a connection over TLS', () => {
  it('needs no checksum of its own, on either side', async () => {
    const connection = await connect(await listen());
    expect(opened?.url).toMatch(/^wss:/);
    expect([connection.isProtected, connections[0]?.isProtected]).toEqual([true, true]);
    connection.terminate();
  });
});

describe('who does not fit is told so in one line on both sides:', () => {
  const hungUp = /^bad-tls: hung up in the handshake/;

  it('a client that believes another authority', async () => {
    const url = await listen();
    await expect(connect(url, { tls: { caFile: other.caFile } })).rejects.toMatchObject(
      failure('untrusted', /^wss:.*: the certificate of the server is of an authority.*--tls-ca/),
    );
    await expect.poll(() => refusals).toEqual([expect.stringMatching(hungUp)]);
  });

  it('a client that was told of no authority', async () => {
    const url = await listen();
    await expect(connect(url, {})).rejects.toMatchObject(failure('untrusted', /--tls-ca FILE/));
  });

  it.each([
    ['expired', new Date('2020-01-01'), new Date('2020-02-01')],
    ['is of the future', new Date('2120-01-01'), new Date('2120-02-01')],
  ])('a server whose certificate %s', async (_what, from, until) => {
    const url = await listen({ tls: authority.issue('old', { use: 'server', from, until }) });
    await expect(connect(url)).rejects.toMatchObject(
      failure('untrusted', /the certificate of the server is not valid at this time/),
    );
    await expect.poll(() => refusals).toEqual([expect.stringMatching(hungUp)]);
  });

  it('a server whose certificate is for another name', async () => {
    const hosts = ['trainer.example'];
    const url = await listen({ tls: authority.issue('elsewhere', { use: 'server', hosts }) });
    await expect(connect(url)).rejects.toMatchObject(failure('untrusted', /is for other names/));
  });

  it('a server that shows the certificate of a client', async () => {
    const hosts = ['127.0.0.1'];
    const url = await listen({ tls: authority.issue('client', { use: 'client', hosts }) });
    await expect(connect(url)).rejects.toMatchObject(failure('untrusted', /not one for servers/));
  });

  it('a plain client on a TLS port', async () => {
    const url = (await listen()).replace('wss:', 'ws:');
    await expect(connect(url)).rejects.toMatchObject(
      failure('not-a-paceline-server', /if it speaks TLS, the address is wss:\/\/$/),
    );
    await expect
      .poll(() => refusals)
      .toEqual([expect.stringMatching(/^bad-tls: plain HTTP on a TLS port/)]);
    const asked = request({ host: '127.0.0.1', port: portOf(url), agent: false });
    const [error] = (await once(asked.end(), 'error')) as [Error];
    expect(error.message).toBe('socket hang up');
  });

  it('a TLS client on a plain port', async () => {
    const url = (await listen({ tls: undefined })).replace('ws:', 'wss:');
    await expect(connect(url)).rejects.toMatchObject(failure('tls-mismatch', /speaks no TLS/));
    expect(refusals).toEqual([expect.stringMatching(/^bad-request/)]);
  });

  it('a client with TLS 1.2', async () => {
    const port = portOf(await listen());
    const socket = connectTls({ port, host: '127.0.0.1', maxVersion: 'TLSv1.2' });
    await once(socket, 'error');
    await expect.poll(() => refusals).toEqual(['bad-tls: an older TLS than 1.3']);
  });
});

describe('a listener that asks for client certificates', () => {
  const mutual = { ...server, clientCaFile: authority.caFile };
  const w1 = authority.issue('w1', { use: 'client' });

  it('knows the name in one of its authority, at the gate and of the connection', async () => {
    const connection = await connect(await listen({ tls: mutual }), {
      tls: { ...trusting.tls, ...w1 },
    });
    expect(visitors[0]?.certificate).toEqual({ name: 'w1', problem: undefined });
    expect(connections[0]?.certifiedName).toBe('w1');
    connection.terminate();
  });

  it.each([
    ['none', {}, { name: undefined, problem: 'UNABLE_TO_GET_ISSUER_CERT' }],
    [
      'one of another authority',
      other.issue('w1', { use: 'client' }),
      { name: 'w1', problem: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' },
    ],
    [
      'one that has expired',
      authority.issue('w0', { use: 'client', until: new Date('2021-01-01'), from: new Date(0) }),
      { name: 'w0', problem: 'CERT_HAS_EXPIRED' },
    ],
    [
      'one for servers',
      authority.issue('s', { use: 'server' }),
      { name: 's', problem: 'INVALID_PURPOSE' },
    ],
  ])('tells the gate what is wrong with %s', async (_what, files, certificate) => {
    const connection = await connect(await listen({ tls: mutual }), {
      tls: { ...trusting.tls, ...files },
    });
    expect(visitors[0]?.certificate).toEqual(certificate);
    connection.terminate();
  });

  it('asks nobody for what it does not need', async () => {
    const connection = await connect(await listen());
    expect(visitors[0]).not.toHaveProperty('certificate.name');
    connection.terminate();
  });
});

describe('a listener', () => {
  it('closes at once, also with somebody in the middle of a handshake', async () => {
    const port = portOf(await listen());
    const socket = connectSocket(port, '127.0.0.1').on('error', () => undefined);
    await once(socket, 'connect');
    socket.write(Buffer.of(0x16, 3, 1));
    await opened?.close();
    expect(refusals).toEqual([]);
    socket.destroy();
  });

  it.each([
    ['a file that is not there', { ...server, certFile: join(folder, 'none.pem') }, /ENOENT/],
    [
      'the key of another',
      { ...server, keyFile: other.issue('x', { use: 'server' }).keyFile },
      /key values mismatch/,
    ],
    ['a text that is no certificate', { ...server, certFile: textFile() }, /PEM/],
  ])('does not listen with %s', async (_what, tls, words) => {
    await expect(listen({ tls })).rejects.toMatchObject(failure('bad-certificate', words));
    opened = undefined;
  });
});

function textFile(): string {
  const file = join(folder, 'text.pem');
  writeFileSync(file, 'hello');
  return file;
}
