import { createHash, timingSafeEqual } from 'node:crypto';
import type { Role, Token } from '@paceline/protocol';

/** The tokens of a server. */
export interface Keyring {
  /** Without tokens everybody may come in: only where nobody but this machine can. */
  readonly isEmpty: boolean;
  /** What a secret allows, by its digest; nothing when it is none of ours. */
  rolesOf(digest: Buffer): ReadonlySet<Role>;
}

/**
 * Keeps tokens as digests and compares all of them, in a time that depends neither on how much of a guess is right nor on
 * how long it is.
 */
export function createKeyring(tokens: readonly Token[]): Keyring {
  const keys = tokens.map(({ secret, roles }) => ({ digest: digestOf(secret), roles }));
  return {
    isEmpty: keys.length === 0,
    rolesOf(digest) {
      const fitting = keys.filter((key) => timingSafeEqual(key.digest, digest));
      return new Set(fitting.flatMap((key) => key.roles));
    },
  };
}

/** What a keyring knows a secret by. */
export function digestOf(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}
