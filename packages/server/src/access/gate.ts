import type { Token } from '@paceline/protocol';
import type { Clock } from '@paceline/telemetry';
import type { Advertised, Denial, Visitor } from '@paceline/transport';
import { createAttempts } from './attempts.ts';
import { decide } from './decide.ts';
import { createKeyring } from './keyring.ts';
import { roleNeeded } from './needs.ts';

/** Opens the gate of a server: everybody who comes, with a WebSocket or a request, is asked here for a token. */
export function createGate(o: {
  readonly tokens: readonly Token[];
  readonly clock: Clock;
  /** A name under which others know the server. */
  readonly advertised?: Advertised | undefined;
}): (visitor: Visitor) => Denial | undefined {
  const keyring = createKeyring(o.tokens);
  const attempts = createAttempts();
  return (visitor) => {
    const { address, token } = visitor;
    const nowMs = o.clock.now();
    const { denial, isGuess } = decide({
      visitor,
      needs: roleNeeded(visitor),
      isGuarded: !keyring.isEmpty,
      roles: token === undefined ? undefined : keyring.rolesOf(token),
      advertised: o.advertised,
      isBlocked: address !== undefined && attempts.isBlocked(address, nowMs),
    });
    if (isGuess && address !== undefined) attempts.fail(address, nowMs);
    return denial;
  };
}
