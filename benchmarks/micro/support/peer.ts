import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';

/** As `node:net` takes it. */
export type BareAddress =
  { readonly path: string } | { readonly host: string; readonly port: number };

/** A thread that answers whatever comes with as many bytes. */
export interface Peer {
  readonly bare: { readonly unix: BareAddress; readonly tcp: BareAddress };
  /** Of our transport. */
  readonly url: { readonly unix: string; readonly tcp: string };
  end(): Promise<void>;
}

/** Starts one for messages of so many bytes. */
export async function startPeer(bytes: number): Promise<Peer> {
  const folder = mkdtempSync(join(tmpdir(), 'pl-micro-'));
  const thread = startThread('peer-thread', { bytes, folder });
  const [addresses] = (await once(thread, 'message')) as [Pick<Peer, 'bare' | 'url'>];
  return {
    ...addresses,
    async end() {
      await thread.terminate();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Starts a thread of this folder's. */
export function startThread(name: string, workerData: object): Worker {
  const file = new URL(`./${name}.ts`, import.meta.url);
  return new Worker(file, { workerData, execArgv: ['--conditions=paceline-source'] });
}
