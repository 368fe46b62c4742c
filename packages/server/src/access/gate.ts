import type { Token } from '@paceline/protocol';
import type { Clock } from '@paceline/telemetry';
import type { Advertised, Denial, Visitor } from '@paceline/transport';
import { createAttempts } from './attempts.ts';
import { decide } from './decide.ts';
import { createKeyring, digestOf } from './keyring.ts';
import { roleNeeded } from './needs.ts';

/** The gate of a server: everybody who comes, with a WebSocket or a request, is asked here for a token. */
export interface Gate {
  /** Why a visitor stays outside; undefined when it comes in. */
  ask(visitor: Visitor): Denial | undefined;
  /** From now on these are the tokens. */
  renew(tokens: readonly Token[]): void;
  /** For somebody who came in as a worker with this token: says whether it still would. */
  passOf(token: string | undefined): () => boolean;
}

/** Opens a gate. */
export function createGate(o: {
  readonly tokens: readonly Token[];
  readonly clock: Clock;
  /** A name under which others know the server. */
  readonly advertised?: Advertised | undefined;
}): Gate {
  let keyring = createKeyring(o.tokens);
  const attempts = createAttempts();
  return {
    ask(visitor) {
      const { address, token } = visitor;
      const nowMs = o.clock.now();
      const { denial, isGuess } = decide({
        visitor,
        needs: roleNeeded(visitor),
        isGuarded: !keyring.isEmpty,
        roles: token === undefined ? undefined : keyring.rolesOf(digestOf(token)),
        advertised: o.advertised,
        isBlocked: address !== undefined && attempts.isBlocked(address, nowMs),
      });
      if (isGuess && address !== undefined) attempts.fail(address, nowMs);
      return denial;
    },
    renew(tokens) {
      keyring = createKeyring(tokens);
    },
    passOf(token) {
      const digest = token === undefined ? undefined : digestOf(token);
      return () =>
        keyring.isEmpty || (digest !== undefined && keyring.rolesOf(digest).has('worker'));
    },
  };
}
