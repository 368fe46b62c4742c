/** Addresses of files on the web, where others are paths. */
import { resolve } from 'node:path';
import { TrainingError } from '../../errors.ts';

/** A file on the web. */
export interface Address {
  /** What is asked for: without name and password. */
  readonly url: string;
  /** For messages and digests: without what follows a question mark, where secrets may be. */
  readonly shown: string;
  /** The header that name and password become (RFC 7617). */
  readonly authorization?: string;
}

/** Whether it is http:// or https://. */
export function isWebAddress(path: string): boolean {
  return /^https?:\/\//i.test(path);
}

/**
 * An address as it is, a path from the working directory on.
 * @throws {TrainingError} `bad-data` for an address of another kind, such as s3://.
 */
export function resolvePlace(path: string): string {
  if (isWebAddress(path)) return path;
  const scheme = /^([a-z][a-z0-9+.-]+):\/\//i.exec(path)?.[1];
  if (scheme === undefined) return resolve(path);
  const words = `${path}: files are read from disk, http:// and https://, not from ${scheme}://`;
  throw new TrainingError('bad-data', words, { data: { path } });
}

/** @throws {TrainingError} `bad-data` for what is no address. */
export function parseAddress(text: string): Address {
  if (!URL.canParse(text)) {
    throw new TrainingError('bad-data', `${text} is no address`, { data: { path: text } });
  }
  const url = new URL(text);
  const { username, password } = url;
  url.username = url.password = url.hash = '';
  const shown = url.href.replace(/\?.*$/s, '');
  if (username === '' && password === '') return { url: url.href, shown };
  const both = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { url: url.href, shown, authorization: `Basic ${Buffer.from(both).toString('base64')}` };
}
