import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { createManualClock } from '@paceline/telemetry/testing';
import { createWebSocketTransport } from '@paceline/transport';
import type { Reload } from '@paceline/transport';
import { createTestAuthority } from '@paceline/transport/testing';
import { afterAll, expect, it } from 'vitest';

import { portOf } from '../support/raw-socket.ts';

const folder = mkdtempSync(join(tmpdir(), 'paceline-reload-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** The name in the certificate that is shown on a port at this moment. */
function nameShown(port: number): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false }, () => {
      const { subject } = socket.getPeerCertificate();
      socket.destroy();
      resolve(subject.CN);
    });
    socket.on('error', reject);
  });
}

it('new certificates are in use ten seconds after they lie there; half of a pair changes nothing', async () => {
  const clock = createManualClock();
  const authority = createTestAuthority(folder);
  const files = authority.issue('first', { use: 'server' });
  const second = authority.issue('second', { use: 'server' });
  const outcomes: Reload[] = [];
  const listener = await createWebSocketTransport(clock).listen('127.0.0.1:0', {
    onConnection: () => undefined,
    maxFrameBytes: 1000,
    tls: { ...files, onReload: (outcome) => outcomes.push(outcome) },
  });
  const port = portOf(listener.url);
  await clock.advance(60_000);
  expect([await nameShown(port), outcomes]).toEqual(['first', []]);

  copyFileSync(second.certFile, files.certFile);
  await clock.advance(30_000);
  expect(await nameShown(port)).toBe('first');
  expect(outcomes).toMatchObject([
    { kind: 'failed', words: expect.stringMatching(/key values mismatch/) as unknown },
  ]);

  copyFileSync(second.keyFile, files.keyFile);
  await clock.advance(10_000);
  expect(await nameShown(port)).toBe('second');
  expect(outcomes.slice(1)).toEqual([{ kind: 'reloaded' }]);
  await listener.close();
  expect(clock.pendingTimers).toBe(0);
});
