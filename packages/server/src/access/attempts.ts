import { isIPv6 } from 'node:net';

/** Counts wrong tokens by where they come from. */
export interface Attempts {
  isBlocked(address: string, nowMs: number): boolean;
  /** One more wrong token. */
  fail(address: string, nowMs: number): void;
}

/** So many wrong tokens in a row are forgiven: a worker that was given the wrong file, and its restarts. */
const mostFailures = 10;
/** One is forgotten in so long: what remains of guessing is 20 a minute. */
const forgetMs = 3_000;
/** Addresses remembered; the one that failed least lately makes room. */
const mostAddresses = 10_000;

/**
 * A leaky bucket for each address (of an IPv6 address, for its network of 64 bits: a guesser has all of it). Right
 * tokens neither fill nor empty it.
 */
export function createAttempts(): Attempts {
  const buckets = new Map<string, { readonly level: number; readonly atMs: number }>();

  function levelOf(key: string, nowMs: number): number {
    const bucket = buckets.get(key);
    return bucket ? Math.max(0, bucket.level - (nowMs - bucket.atMs) / forgetMs) : 0;
  }

  return {
    isBlocked: (address, nowMs) => levelOf(networkOf(address), nowMs) > mostFailures - 1,
    fail(address, nowMs) {
      const key = networkOf(address);
      const level = levelOf(key, nowMs) + 1;
      buckets.delete(key);
      buckets.set(key, { level, atMs: nowMs });
      const [oldest] = buckets.keys();
      if (buckets.size > mostAddresses && oldest !== undefined) buckets.delete(oldest);
    },
  };
}

/** An IPv4 address itself, also where it is written as IPv6; of an IPv6 address the first four groups. */
function networkOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined || !isIPv6(address)) return mapped ?? address;
  const [head = '', tail] = address.split('::');
  const groups = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const gap = Array.from({ length: 8 - groups.length - after.length }, () => '0');
  return [...groups, ...gap, ...after].slice(0, 4).join(':');
}
