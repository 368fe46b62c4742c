import { mkdtempSync, rmSync } from 'node:fs';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMemoryTransport, createWebSocketTransport } from '@paceline/transport';
import { createTestAuthority, transportConformance } from '@paceline/transport/testing';
import type { Subject } from '@paceline/transport/testing';
import { afterAll, describe, it } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'paceline-transport-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const hasIpv6 = Object.values(networkInterfaces()).some((addresses) =>
  addresses?.some(({ address }) => address === '::1'),
);

let count = 0;
const subjects: Readonly<Record<string, Subject>> = {
  memory: {
    transport: createMemoryTransport(),
    freshAddress: () => `memory:${(count += 1)}`,
  },
  'WebSocket over TCP': {
    transport: createWebSocketTransport(),
    freshAddress: () => '127.0.0.1:0',
  },
  'WebSocket over a Unix socket': {
    transport: createWebSocketTransport(),
    freshAddress: () => `unix:${join(folder, `s ${(count += 1)}.sock`)}`,
  },
};

const authority = createTestAuthority(folder);
const overTls = {
  transport: createWebSocketTransport(undefined, { tls: { caFile: authority.caFile } }),
  freshAddress: () => '127.0.0.1:0',
  tls: authority.issue('server', { use: 'server' }),
};
const overIpv6 = { transport: createWebSocketTransport(), freshAddress: () => '[::1]:0' };

describe.each(Object.entries(subjects))('a transport: %s', (_name, subject) => {
  for (const { title, run } of transportConformance(subject)) it(title, run);
});

describe('a transport: WebSocket over TLS', () => {
  for (const { title, run } of transportConformance(overTls)) it(title, run);
});

describe.skipIf(!hasIpv6)('a transport: WebSocket over TCP with IPv6', () => {
  for (const { title, run } of transportConformance(overIpv6)) it(title, run);
});
