import { isIP } from 'node:net';
import type { Role } from '@paceline/protocol';
import type { Advertised, Denial, Visitor } from '@paceline/transport';

/** What is known of a visitor when it is decided whether it comes in. */
export interface Facts {
  readonly visitor: Visitor;
  /** The role that what it wants needs; none for what everybody may know. */
  readonly needs: Role | undefined;
  /** Whether the server has tokens at all. */
  readonly isGuarded: boolean;
  /** What its token allows; undefined without a token. */
  readonly roles: ReadonlySet<Role> | undefined;
  /** Whether too many wrong tokens came from where it comes from. */
  readonly isBlocked: boolean;
  /** Where others reach the server, where the operator said so. */
  readonly advertised?: Advertised | undefined;
}

/** In, or why not; a token that is none of ours is a guess, which counts against the address. */
export interface Verdict {
  readonly denial?: Denial;
  readonly isGuess: boolean;
}

/**
 * Whether a visitor comes in. Pure. A page of another origin never does, whatever it brings. An address that guessed too
 * often is not even told whether it was right this time.
 */
export function decide(facts: Facts): Verdict {
  const { visitor, needs, roles } = facts;
  if (!isOwnPage(visitor, facts.advertised))
    return deny(403, 'pages of other origins may not ask this server');
  if (needs === undefined) return welcome;
  if (visitor.certificate?.problem !== undefined) {
    return deny(401, 'a client certificate of this server is needed: --tls-cert and --tls-key');
  }
  if (!facts.isGuarded) {
    return isOwnName(visitor, facts.advertised)
      ? welcome
      : deny(403, 'ask by IP address or as localhost');
  }
  if (facts.isBlocked) {
    return deny(429, 'too many wrong tokens came from your address: try again in some seconds');
  }
  if (roles === undefined) {
    return deny(401, 'a token is needed: --token-file FILE or PACELINE_TOKEN');
  }
  if (roles.size === 0) {
    const words = 'the token is wrong: take the one of this server (--token-file, PACELINE_TOKEN)';
    return { ...deny(401, words), isGuess: true };
  }
  if (roles.has(needs)) return welcome;
  return deny(403, `the token is for ${[...roles].join(' and ')}; this needs one for ${needs}`);
}

const welcome: Verdict = { isGuess: false };

function deny(status: Denial['status'], words: string): Verdict {
  return { denial: { status, words }, isGuess: false };
}

/**
 * Programs have no origin; a page must come from this very server: from whom it thinks it asks, or, where a gateway asks in
 * its place, from the host and port that are advertised.
 */
function isOwnPage({ origin, host }: Visitor, advertised: Advertised | undefined): boolean {
  if (origin === undefined) return true;
  if (!URL.canParse(origin)) return false;
  const url = new URL(origin);
  if (url.host === host?.toLowerCase()) return true;
  const port = url.port === '' ? (url.protocol === 'https:' ? 443 : 80) : Number(url.port);
  return hostOf(url) === advertised?.host && port === advertised.port;
}

/**
 * Without tokens, this is what keeps web pages out that let their own name point to 127.0.0.1 (DNS rebinding): they have
 * the right origin, but ask for a name that this machine does not call itself. No page reaches a Unix socket.
 */
function isOwnName({ address, host }: Visitor, advertised: Advertised | undefined): boolean {
  if (address === undefined || host === undefined || !URL.canParse(`http://${host}`)) return true;
  const name = hostOf(new URL(`http://${host}`));
  return name === 'localhost' || name === advertised?.host || isIP(name) !== 0;
}

function hostOf({ hostname }: URL): string {
  return hostname.replace(/^\[|\]$/g, '');
}
