/** Where files of the web are kept, and how many bytes of them. */
import { homedir } from 'node:os';
import { join } from 'node:path';
import { TrainingError } from '../../errors.ts';
import { blockBytes } from './block-store.ts';

/** The cache of this user on this machine. */
export interface HttpCacheSettings {
  readonly folder: string;
  readonly limitBytes: number;
}

const usualBytes = 8 * 2 ** 30;
const leastBytes = 4 * blockBytes;

/**
 * `http` in `$PACELINE_CACHE`, else in `$XDG_CACHE_HOME/paceline`, else in `~/.cache/paceline`; 8 GiB, or
 * `$PACELINE_HTTP_CACHE_BYTES`.
 * @throws {TrainingError} `bad-argument` for a number of bytes that is none.
 */
export function httpCacheSettings(environment: NodeJS.ProcessEnv = process.env): HttpCacheSettings {
  const { PACELINE_CACHE: chosen = '', XDG_CACHE_HOME: base = '' } = environment;
  const usual = join(base === '' ? join(homedir(), '.cache') : base, 'paceline');
  const given = environment['PACELINE_HTTP_CACHE_BYTES'] ?? '';
  const limitBytes = given === '' ? usualBytes : Number(given);
  if (Number.isSafeInteger(limitBytes) && limitBytes >= leastBytes) {
    return { folder: join(chosen === '' ? usual : chosen, 'http'), limitBytes };
  }
  const words = `PACELINE_HTTP_CACHE_BYTES must be a whole number of bytes, at least ${String(leastBytes)}, got ${given}`;
  throw new TrainingError('bad-argument', words);
}
