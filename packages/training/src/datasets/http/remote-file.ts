/** A file on the web as one that is read in pieces. */
import { TrainingError } from '../../errors.ts';
import type { StoredFile } from '../files/stored-file.ts';
import { pastEnd } from '../files/byte-source.ts';
import { parseAddress } from './address.ts';
import { useDownloadThread } from './ask-thread.ts';
import type { DownloadThread } from './ask-thread.ts';
import { blockBytes, createBlockStore } from './block-store.ts';
import type { BlockStore } from './block-store.ts';
import { sizeOfBlock } from './download.ts';
import type { RemoteFile } from './download.ts';
import { httpCacheSettings } from './settings.ts';
import type { HttpCacheSettings } from './settings.ts';

/** Blocks that one question brings when those before it were read as well. */
const aheadBlocks = 8;
/** A block that was brought and is gone again was pushed out by others. */
const mostTries = 3;

/**
 * Opens a file by its address. What is read comes from the cache on disk, in which blocks are brought as they are needed.
 * @throws {TrainingError} `missing-data` when one does not get it; reading it throws `bad-data` when it has changed.
 */
export function openRemoteFile(
  path: string,
  cache: HttpCacheSettings = httpCacheSettings(),
): StoredFile {
  const address = parseAddress(path);
  const thread = useDownloadThread();
  try {
    const { file } = thread.ask({ kind: 'open', address, cache });
    if (file === undefined) throw new Error('the thread that downloads opened no file');
    return createRemoteFile({ file, thread, cache });
  } catch (error) {
    thread.release();
    throw error;
  }
}

interface Parts {
  readonly file: RemoteFile;
  readonly thread: DownloadThread;
  readonly cache: HttpCacheSettings;
}

function createRemoteFile({ file, thread, cache }: Parts): StoredFile {
  const store = createBlockStore(cache.folder, cache.limitBytes);
  const { shown } = file.address;
  const mostBlocks = Math.max(1, Math.floor(cache.limitBytes / blockBytes / 4));
  let nextBlock = 0;
  const bring = (first: number, last: number): void => {
    // What is read from front to back comes in larger pieces.
    const ahead = first === nextBlock ? aheadBlocks : 1;
    const most = Math.ceil(file.size / blockBytes) - first;
    const count = Math.min(Math.max(last - first + 1, ahead), mostBlocks, most);
    thread.ask({ kind: 'bring', file, first, count, cache });
    nextBlock = first + count;
  };
  return {
    path: shown,
    size: file.size,
    ...(file.etag !== undefined && { identity: `${shown} ${String(file.size)} ${file.etag}` }),
    readAt(into, position) {
      const end = position + into.length;
      if (end > file.size) throw pastEnd(shown, end);
      const last = Math.floor((end - 1) / blockBytes);
      for (let block = Math.floor(position / blockBytes); block <= last; block += 1) {
        const part = partOf(block, { position, end });
        const place = { into: into.subarray(part.at, part.at + part.length), offset: part.offset };
        for (let tries = 0; !readBlock(store, file, { block, place }); tries += 1) {
          if (tries === mostTries) throw pushedOut(shown, cache);
          bring(block, last);
        }
      }
    },
    close: thread.release,
  };
}

/** What is wanted of a block: place in `into`, place in the block, length. */
function partOf(
  block: number,
  { position, end }: { readonly position: number; readonly end: number },
): { readonly at: number; readonly offset: number; readonly length: number } {
  const start = Math.max(position, block * blockBytes);
  const stop = Math.min(end, (block + 1) * blockBytes);
  return { at: start - position, offset: start - block * blockBytes, length: stop - start };
}

function readBlock(
  store: BlockStore,
  file: RemoteFile,
  o: { readonly block: number; readonly place: { into: Uint8Array; offset: number } },
): boolean {
  return store.read({ key: file.key, block: o.block }, sizeOfBlock(file, o.block), o.place);
}

function pushedOut(shown: string, { limitBytes }: HttpCacheSettings): TrainingError {
  const words = `${shown}: the cache of ${String(limitBytes)} bytes is too small for what is read at once; PACELINE_HTTP_CACHE_BYTES makes it larger`;
  return new TrainingError('bad-data', words, { data: { path: shown } });
}
