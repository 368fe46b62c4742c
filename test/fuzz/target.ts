import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { EndEvent, RunEvent } from '@paceline/protocol';
import type { StatusReport } from '@paceline/server';
import { request } from 'node:http';
import type { NetConnectOpts } from 'node:net';

import { startNode } from '../support/processes.ts';
import type { Scratch } from '../support/scratch.ts';

/** Memory of the server's process, in bytes. */
export interface MemoryReport {
  readonly type: 'memory';
  readonly start: {
    readonly heapBytes: number;
    readonly bufferBytes: number;
    readonly residentBytes: number;
  };
  readonly end: { readonly heapBytes: number; readonly bufferBytes: number };
  readonly peakBytes: number;
}

/** A server in a process of its own. */
export interface Target {
  readonly url: string;
  readonly socket: NetConnectOpts;
  readonly events: readonly RunEvent[];
  status(): Promise<StatusReport>;
  /** Ends the run; what it came to. Fails with what the process said if it crashed. */
  stop(): Promise<{ readonly end: EndEvent; readonly memory: MemoryReport }>;
}

/** Starts a server on `address` and resolves when it listens. */
export async function startTarget(scratch: Scratch, address: string): Promise<Target> {
  const events: (RunEvent | MemoryReport)[] = [];
  const server = startNode({
    args: ['--conditions=paceline-source', '--expose-gc', program, address],
    env: scratch.env,
    directory: scratch.path,
    onLine: (line) => events.push(JSON.parse(line) as RunEvent | MemoryReport),
  });
  const crashed = server.ended.then((code) => {
    throw new Error(`the server ended with ${code}:\n${server.errors()}`);
  });
  crashed.catch(() => undefined);
  const find = (type: string): unknown => events.find((event) => event.type === type);
  while (!find('server')) await Promise.race([pause(20), crashed]);
  const started = find('server') as Extract<RunEvent, { type: 'server' }>;
  const url = started.url ?? '';
  const socket = socketOf(url);
  return {
    url,
    socket,
    events: events as readonly RunEvent[],
    status: () => Promise.race([readStatus(socket), crashed]),
    async stop() {
      server.kill('SIGTERM');
      const code = await server.exit(20_000);
      if (code !== 0) throw new Error(`the server ended with ${code}:\n${server.errors()}`);
      return { end: find('end') as EndEvent, memory: find('memory') as MemoryReport };
    },
  };
}

const program = join(import.meta.dirname, 'server-process.ts');

function socketOf(url: string): NetConnectOpts {
  const path = /^ws\+unix:\/\/([^:]+):/.exec(url)?.[1];
  return path === undefined ? { host: '127.0.0.1', port: Number(new URL(url).port) } : { path };
}

/** Comes again where there is no room: a crowd of strangers passes. */
async function readStatus(socket: NetConnectOpts): Promise<StatusReport> {
  for (;;) {
    const text = await get(socket, '/status.json').catch(() => '');
    if (text.startsWith('{')) return JSON.parse(text) as StatusReport;
    await pause(100);
  }
}

function get(socket: NetConnectOpts, path: string): Promise<string> {
  const where = 'path' in socket ? { socketPath: socket.path } : { ...socket };
  return new Promise((resolve, reject) => {
    request({ ...where, path, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (text += chunk));
      response.on('end', () => resolve(text));
      response.on('error', reject);
    })
      .on('error', reject)
      .end();
  });
}
