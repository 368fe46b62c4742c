/** Brings the bytes of an answer into the store. */
import { setTimeout as wait } from 'node:timers/promises';
import { Transient } from './answer.ts';
import type { Answer } from './answer.ts';
import { blockBytes } from './block-store.ts';
import type { DownloadPorts } from './ports.ts';

/**
 * Keeps the bytes of an answer as blocks, up to `end` or its own end; how many there were.
 * @throws {Transient} when it ends too early; {NoRoom} when there are more than the store takes.
 */
export async function keep(
  { body, start: first }: Answer,
  {
    key,
    start,
    end,
  }: { readonly key: string; readonly start: number; readonly end: number | undefined },
  { store, idleMs }: DownloadPorts,
): Promise<number> {
  const mostBytes = store.limitBytes;
  if (end !== undefined) checkRoom(end - start, mostBytes);
  const buffer = Buffer.allocUnsafe(blockBytes);
  let position = first;
  const flush = (filled: number): void => {
    const block = Math.floor((position - 1) / blockBytes);
    store.write({ key, block }, buffer.subarray(0, filled));
  };
  for await (const chunk of withDeadline(body, idleMs)) {
    for (let used = 0; used < chunk.length && position !== end;) {
      const filled = position % blockBytes;
      const room = Math.min(blockBytes - filled, (end ?? Infinity) - position);
      const part = chunk.subarray(used, used + room);
      buffer.set(part, filled);
      [used, position] = [used + part.length, position + part.length];
      checkRoom(position - start, mostBytes);
      if (position % blockBytes === 0 || position === end) flush(filled + part.length);
    }
    if (position === end) break;
  }
  if (end !== undefined && position < end) {
    throw new Transient(
      `the answer ends after ${String(position - start)} of ${String(end - start)} bytes`,
    );
  }
  if (end === undefined && position % blockBytes > 0) flush(position % blockBytes);
  return position - start;
}

async function* withDeadline(
  body: ReadableStream<Uint8Array> | null,
  idleMs: number,
): AsyncGenerator<Uint8Array> {
  const reader = body?.getReader();
  if (reader === undefined) return;
  try {
    for (;;) {
      const stop = new AbortController();
      const late = wait(idleMs, undefined, { signal: stop.signal }).then(() => {
        throw new Transient(`nothing came for ${String(idleMs / 1000)} s`);
      });
      const { done, value } = await Promise.race([reader.read(), late]).finally(() => {
        stop.abort();
        late.catch(() => undefined);
      });
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

/** More bytes at once than the store takes. */
export class NoRoom extends Error {
  override readonly name = 'NoRoom';
}

function checkRoom(bytes: number, mostBytes: number): void {
  if (bytes > mostBytes) throw new NoRoom();
}
