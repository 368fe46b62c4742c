/** What a server answers to the question for a range of bytes (RFC 9110). */
import { TrainingError } from '../../errors.ts';
import type { Address } from './address.ts';

/** An answer that has bytes. */
export interface Answer {
  /** The server knows no ranges: these are all bytes. */
  readonly isWhole: boolean;
  /** Of the first byte. */
  readonly start: number;
  /** Of the file; undefined when the server does not say. */
  readonly size: number | undefined;
  readonly etag: string | undefined;
  readonly lastModified: string | undefined;
  readonly body: ReadableStream<Uint8Array> | null;
}

/** What may be better the next time. */
export class Transient extends Error {
  override readonly name = 'Transient';
  /** How long the server wants to be left alone; undefined when it does not say. */
  readonly afterMs: number | undefined;

  constructor(message: string, afterMs?: number) {
    super(message);
    this.afterMs = afterMs;
  }
}

/**
 * Reads status and headers of a response to a question for bytes from `first` on.
 * @throws {Transient} for a server that is busy or broken.
 * @throws {TrainingError} `missing-data` for one that refuses, `bad-data` for one that makes no sense.
 */
export function readAnswer(response: Response, { shown }: Address, first: number): Answer {
  const { status, headers, body } = response;
  const header = (name: string): string | undefined => headers.get(name) ?? undefined;
  const known = { etag: header('etag'), lastModified: header('last-modified'), body };
  if (status === 416 && /^bytes \*\/0$/.test(header('content-range') ?? '')) {
    return { ...known, isWhole: false, start: 0, size: 0 };
  }
  if (status !== 200 && status !== 206) throw refusal(status, shown, header('retry-after'));
  const encoding = header('content-encoding') ?? 'identity';
  if (encoding !== 'identity') {
    throw badAnswer(shown, `the server packs it (${encoding}) although it was asked not to`);
  }
  if (status === 200) {
    const length = header('content-length');
    return { ...known, isWhole: true, start: 0, size: length === undefined ? length : +length };
  }
  const range = /^bytes (\d+)-(\d+)\/(\d+)$/.exec(header('content-range') ?? '');
  const [start, end, size] = (range ?? []).slice(1).map(Number);
  if (start !== first || end === undefined || size === undefined || end >= size) {
    const found = header('content-range') ?? 'none';
    throw badAnswer(shown, `bytes from ${String(first)} on were asked for, the range is ${found}`);
  }
  return { ...known, isWhole: false, start, size };
}

const reasons: Readonly<Record<number, string>> = {
  401: 'it wants a name and a password: https://NAME:PASSWORD@host/...',
  403: 'it refuses',
  404: 'there is no such file',
  410: 'the file is gone',
};

function refusal(status: number, shown: string, retryAfter: string | undefined): Error {
  if (status >= 500 || status === 408 || status === 429) {
    const seconds = Number(retryAfter);
    const afterMs = Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : undefined;
    return new Transient(`the server answers ${String(status)}`, afterMs);
  }
  const reason = reasons[status];
  const words = `${shown}: the server answers ${String(status)}${reason === undefined ? '' : `, ${reason}`}`;
  return new TrainingError('missing-data', words, { data: { path: shown, status } });
}

/** An error of a server that says what cannot be. */
export function badAnswer(shown: string, reason: string): TrainingError {
  return new TrainingError('bad-data', `${shown}: ${reason}`, { data: { path: shown } });
}
