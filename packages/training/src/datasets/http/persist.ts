/** Trying again, and what a user hears in the end. */
import { setTimeout as wait } from 'node:timers/promises';
import { TrainingError, messageOf } from '../../errors.ts';
import type { Address } from './address.ts';
import { Transient, badAnswer } from './answer.ts';
import { NoRoom } from './keep.ts';
import type { DownloadPorts } from './ports.ts';

/** Does `once` again as long as it may be better the next time. @throws {TrainingError} */
export async function persist<T>(
  { shown }: Address,
  { attempts, pauseMs, store }: DownloadPorts,
  once: () => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await once();
    } catch (error) {
      if (error instanceof TrainingError) throw error;
      if (error instanceof NoRoom) throw noRoom(shown, store.limitBytes);
      if (isOfDisk(error)) {
        throw badAnswer(shown, `it cannot be kept on disk: ${messageOf(error)}`);
      }
      if (attempt >= attempts || isFinal(error)) throw notReached(shown, error, attempt);
      const afterMs = error instanceof Transient ? error.afterMs : undefined;
      await wait(Math.min(afterMs ?? pauseMs * 2 ** (attempt - 1), mostPauseMs));
    }
  }
}

const mostPauseMs = 30_000;

function noRoom(shown: string, limitBytes: number): TrainingError {
  const words =
    `the server knows no ranges of bytes, and the whole file does not fit into the cache of ${String(limitBytes)} bytes; ` +
    'PACELINE_HTTP_CACHE_BYTES makes it larger';
  return badAnswer(shown, words);
}

function notReached(shown: string, error: unknown, attempts: number): TrainingError {
  const times = attempts === 1 ? '' : ` (${String(attempts)} attempts)`;
  const words = `${shown} cannot be read: ${reasonOf(error)}${times}`;
  return new TrainingError('missing-data', words, { data: { path: shown }, cause: error });
}

/** fetch says "fetch failed", and what it was in the cause. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause === undefined ? messageOf(error) : messageOf(cause);
}

/** What a server's certificate or too many redirects are wrong with will be wrong the next time as well. */
function isFinal(error: unknown): boolean {
  const { code } = ((error as { cause?: unknown }).cause ?? {}) as { code?: string };
  return /redirect count/.test(reasonOf(error)) || /CERT|TLS|SSL|SIGNED/.test(code ?? '');
}

/** Of the file system, not of the network: it says on which path. */
function isOfDisk(error: unknown): boolean {
  return error instanceof Error && 'path' in error && 'errno' in error && 'syscall' in error;
}
