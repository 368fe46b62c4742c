/** Brings files of the web into the store, block by block. */
import { createHash, randomBytes } from 'node:crypto';
import type { Address } from './address.ts';
import { Transient, badAnswer, readAnswer } from './answer.ts';
import type { Answer } from './answer.ts';
import { blockBytes } from './block-store.ts';
import type { BlockStore } from './block-store.ts';
import { keep } from './keep.ts';
import { persist } from './persist.ts';
import type { DownloadPorts } from './ports.ts';

/** A file as it was when it was opened. */
export interface RemoteFile {
  readonly address: Address;
  readonly size: number;
  /** The folder of its blocks: another one for each version of the file. */
  readonly key: string;
  /** What tells that it is still the same: ETag, or when it was changed; undefined when the server says neither. */
  readonly version: string | undefined;
  /** A strong ETag: the same bytes as long as it is the same (RFC 9110, 8.8.3). */
  readonly etag: string | undefined;
  /** The server knows ranges of bytes. */
  readonly isRanged: boolean;
}

/** Downloads; every method tries several times. */
export interface Downloads {
  /** Asks what the file is; its first block is then there, or all of it from a server that knows no ranges. */
  open(address: Address): Promise<RemoteFile>;
  /** Brings `count` blocks from `first` on. */
  bring(
    file: RemoteFile,
    blocks: { readonly first: number; readonly count: number },
  ): Promise<void>;
}

/**
 * Downloads into a store. They throw {TrainingError}s: `missing-data` for a file that one does not get, `bad-data` for one that
 * changed meanwhile or does not fit into the store.
 */
export function createDownloads(ports: DownloadPorts): Downloads {
  return {
    open: (address) => persist(address, ports, () => openOnce(address, ports)),
    bring: (file, { first, count }) =>
      persist(file.address, ports, async () => {
        const [start, end] = [
          first * blockBytes,
          Math.min((first + count) * blockBytes, file.size),
        ];
        const all = { start: 0, end: file.size };
        const wanted = file.isRanged ? { start, end } : all;
        await ask(file.address, wanted, ports, async (answer) => {
          checkSame(file, answer);
          // One server of several behind an address may know no ranges.
          await keep(answer, { key: file.key, ...(answer.isWhole ? all : wanted) }, ports);
        });
      }),
  };
}

/** How many bytes a block of a file has. */
export function sizeOfBlock({ size }: { readonly size: number }, block: number): number {
  return Math.min(blockBytes, size - block * blockBytes);
}

async function openOnce(address: Address, ports: DownloadPorts): Promise<RemoteFile> {
  return ask(address, { start: 0, end: blockBytes }, ports, async (answer) => {
    const { isWhole, etag, lastModified } = answer;
    const version = etag ?? lastModified;
    const name = version ?? randomBytes(16).toString('hex');
    const key = createHash('sha256')
      .update(JSON.stringify([address.url, name, answer.size ?? null]))
      .digest('hex');
    const about = {
      ...{ address, key, version, isRanged: !isWhole },
      etag: etag?.startsWith('W/') === true ? undefined : etag,
    };
    if (answer.size === 0) return { ...about, size: 0 };
    if (answer.size !== undefined && hasAll({ key, size: answer.size }, answer, ports.store)) {
      return { ...about, size: answer.size };
    }
    const end = isWhole ? answer.size : Math.min(blockBytes, answer.size ?? 0);
    const kept = await keep(answer, { key, start: 0, end }, ports);
    return { ...about, size: answer.size ?? kept };
  });
}

/** Whether what is about to come is in the store already. */
function hasAll(
  file: { readonly key: string; readonly size: number },
  { isWhole }: Answer,
  store: BlockStore,
): boolean {
  const blocks = isWhole ? Math.ceil(file.size / blockBytes) : 1;
  for (let block = 0; block < blocks; block += 1) {
    if (!store.has({ key: file.key, block }, sizeOfBlock(file, block))) return false;
  }
  return true;
}

/** Asks for bytes from `start` to `end` and gives the answer to `use`; ends the connection when that is done. */
async function ask<T>(
  address: Address,
  { start, end }: { readonly start: number; readonly end: number },
  { fetch, idleMs }: DownloadPorts,
  use: (answer: Answer) => Promise<T>,
): Promise<T> {
  const abort = new AbortController();
  const timer = setTimeout(() => {
    abort.abort(new Transient(`no answer in ${String(idleMs / 1000)} s`));
  }, idleMs);
  try {
    const response = await fetch(address.url, {
      signal: abort.signal,
      headers: {
        range: `bytes=${String(start)}-${String(end - 1)}`,
        'accept-encoding': 'identity',
        ...(address.authorization !== undefined && { authorization: address.authorization }),
      },
    });
    clearTimeout(timer);
    return await use(readAnswer(response, address, start));
  } finally {
    clearTimeout(timer);
    abort.abort();
  }
}

function checkSame({ address, version, size }: RemoteFile, answer: Answer): void {
  const found = answer.etag ?? answer.lastModified;
  if (found === version && (answer.size ?? size) === size) return;
  const [was, is] = [
    `${String(size)} bytes, ${version ?? 'no version'}`,
    `${String(answer.size ?? size)} bytes, ${found ?? 'no version'}`,
  ];
  throw badAnswer(address.shown, `it has changed while it was read: it was ${was}, and is ${is}`);
}
