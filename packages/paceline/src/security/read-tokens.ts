import { readFileSync, statSync } from 'node:fs';

import { parseTokens, tokenFor } from '@paceline/protocol';
import type { Role, Token } from '@paceline/protocol';

import { PacelineError } from '../errors.ts';

/** Where tokens may come from: a file, or the text of `PACELINE_TOKEN`. Never an argument: those everybody can list. */
export interface TokenSources {
  readonly tokenFile?: string | undefined;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Told of a file that others can read. */
  readonly onWarning?: (text: string) => void;
}

/**
 * The tokens of `tokenFile`, or else of `PACELINE_TOKEN`; none where neither is given.
 *
 * @throws PacelineError `token-unreadable`; TokenError when there is no token in it
 */
export function readTokens(sources: TokenSources): readonly Token[] {
  const { tokenFile, env = process.env, onWarning } = sources;
  if (tokenFile === undefined) {
    const text = env['PACELINE_TOKEN'];
    return text === undefined || text === '' ? [] : parseTokens(text, 'PACELINE_TOKEN');
  }
  const tokens = parseTokens(readSecret(tokenFile), tokenFile);
  if (isReadableByOthers(tokenFile)) {
    onWarning?.(`every user of this machine can read ${tokenFile}: chmod 600 ${tokenFile}`);
  }
  return tokens;
}

/**
 * The one token that a client shows in `role`; undefined where none is given.
 *
 * @throws as `readTokens`; PacelineError `token-missing` when there are only tokens of other roles
 */
export function readOwnToken(role: Role, sources: TokenSources): string | undefined {
  const tokens = readTokens(sources);
  const secret = tokenFor(tokens, role);
  if (secret !== undefined || tokens.length === 0) return secret;
  const where = sources.tokenFile ?? 'PACELINE_TOKEN';
  throw new PacelineError(
    'token-missing',
    `${where} has no token for ${role}, only for ${tokens.flatMap((token) => token.roles).join(', ')}.`,
  );
}

function readSecret(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    const words = cause instanceof Error ? cause.message : String(cause);
    throw new PacelineError('token-unreadable', `The token file cannot be read: ${words}`, {
      cause,
    });
  }
}

/** Windows has no such bits. A group is let in on purpose: that is how orchestrators mount secrets for a user. */
function isReadableByOthers(file: string): boolean {
  return process.platform !== 'win32' && (statSync(file).mode & 0o004) !== 0;
}
