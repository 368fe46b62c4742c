import { decode } from '@msgpack/msgpack';
import { serverMessages, workerMessages } from '@paceline/protocol';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';

import { startServer, startWorker } from '../support/cluster.ts';
import { finished, jobFile } from '../support/paceline.ts';
import { openScratch } from '../support/scratch.ts';
import type { Scratch } from '../support/scratch.ts';
import { openTap } from '../support/tap.ts';
import type { CapturedFrame } from '../support/tap.ts';

interface Row {
  readonly code: number;
  readonly fields: Readonly<Record<string, string>>;
  readonly payload?: true;
}

const tables = { worker: rowsByCode(workerMessages), server: rowsByCode(serverMessages) } as const;

function rowsByCode(
  table: Readonly<Record<string, Row>>,
): ReadonlyMap<unknown, Row & { readonly kind: string }> {
  return new Map(Object.entries(table).map(([kind, row]) => [row.code, { kind, ...row }]));
}

/** A frame in the words of another msgpack library, and what the tables say of it. */
interface DecodedFrame {
  readonly kind: string;
  readonly row: Row;
  readonly parts: readonly unknown[];
  readonly header: Readonly<Record<string, unknown>>;
}

/** `decode` throws for bytes that are left over: a frame is one value, no more. */
function decodeFrame({ from, bytes }: CapturedFrame): DecodedFrame {
  const parts = decode(bytes) as readonly unknown[];
  const row = tables[from].get(parts[0]);
  if (row === undefined) throw new Error(`no message of the ${from} has code ${String(parts[0])}`);
  return { kind: row.kind, row, parts, header: parts[1] as DecodedFrame['header'] };
}

function isHeartbeat({ from, bytes }: CapturedFrame): boolean {
  return from === 'worker' && bytes[1] === workerMessages.heartbeat.code;
}

describe('all frames between a server and its workers, captured on the way', () => {
  let scratch: Scratch;
  let decoded: readonly DecodedFrame[] = [];
  beforeAll(async () => {
    scratch = openScratch();
    const flags = ['--hold-at', '3', '--every', '1'];
    const set = ['microbatches=5'];
    const job = jobFile('small.job.ts');
    const cluster = await startServer(scratch, { job, backend: 'wasm', set, flags });
    await using tap = await openTap(cluster.url);
    const workers = ['first', 'second'].map((name) =>
      startWorker(scratch, tap.url, { name, flags: ['--job', job] }),
    );
    await cluster.server.event('step', ({ step }) => step === 3);
    await vi.waitUntil(() => tap.frames.some(isHeartbeat), { timeout: 10_000 });
    workers[0]?.kill('SIGTERM');
    await workers[0]?.exit();
    await cluster.resume();
    await finished(cluster.server);
    await workers[1]?.exit();
    decoded = tap.frames.map(decodeFrame);
  });
  afterAll(() => {
    scratch[Symbol.dispose]();
  });

  test('decode with another msgpack library into the fields of the tables, no more and no fewer', () => {
    for (const { row, header } of decoded) {
      // Over plain TCP every header ends with a checksum, which is no field of any message.
      const names = Object.keys(header).filter((name) => name !== 'crc');
      expect(Object.keys(header).at(-1)).toBe('crc');
      const [required, allowed] = [
        Object.keys(row.fields).filter((name) => !row.fields[name]?.endsWith('?')),
        Object.keys(row.fields),
      ];
      expect(names).toEqual(expect.arrayContaining(required));
      expect(allowed).toEqual(expect.arrayContaining(names));
    }
  });

  test('are [kind, header], and [kind, header, payload] with 4 bytes a number where the table says so', () => {
    for (const { row, parts, header } of decoded) {
      expect(parts).toHaveLength(row.payload === true ? 3 : 2);
      if (row.payload !== true) continue;
      expect(parts[2]).toBeInstanceOf(Uint8Array);
      expect((parts[2] as Uint8Array).byteLength).toBe(4 * Number(header['length']));
    }
  });

  test('are of every kind that a run without faults has', () => {
    const kinds = new Set(decoded.map(({ kind }) => kind));
    expect([...kinds].toSorted()).toEqual(
      expect.arrayContaining([
        ...['evaluate', 'evaluated', 'finished', 'goodbye', 'heartbeat', 'hello', 'initial'],
        ...['layout', 'lease', 'node', 'parameters', 'pause', 'snapshot', 'upload', 'welcome'],
      ]),
    );
  });
});
