import { parseTokens } from '@paceline/protocol';
import type { Visitor } from '@paceline/transport';
import { describe, expect, it } from 'vitest';
import type { Facts } from '../../src/access/decide.ts';
import { decide } from '../../src/access/decide.ts';
import { createKeyring, digestOf } from '../../src/access/keyring.ts';
import { roleNeeded } from '../../src/access/needs.ts';

const program: Visitor = {
  wants: 'answer',
  path: '/status.json',
  address: '10.0.0.7',
  token: undefined,
  origin: undefined,
  host: 'trainer:7070',
};

function verdict(facts: Partial<Facts>, visitor: Partial<Visitor> = {}): unknown {
  const { denial, isGuess } = decide({
    visitor: { ...program, ...visitor },
    needs: 'observe',
    isGuarded: true,
    roles: new Set(['observe']),
    isBlocked: false,
    ...facts,
  });
  return isGuess ? [denial?.status, 'guess'] : denial?.status;
}

describe('a visitor', () => {
  it('comes in with a token for what it wants', () => {
    expect(verdict({})).toBeUndefined();
  });

  it('stays outside without a token, which is no guess', () => {
    expect(verdict({ roles: undefined })).toBe(401);
  });

  it('stays outside with a wrong token, which is a guess', () => {
    expect(verdict({ roles: new Set() })).toEqual([401, 'guess']);
  });

  it('stays outside with a token for something else, which is no guess', () => {
    expect(verdict({ needs: 'control' })).toBe(403);
  });

  it('is not told whether its token is right when too many wrong ones came from there', () => {
    expect(verdict({ isBlocked: true })).toBe(429);
    expect(verdict({ isBlocked: true, roles: new Set() })).toBe(429);
  });

  it('may always ask whether the server lives', () => {
    expect(verdict({ needs: undefined, roles: undefined, isBlocked: true })).toBeUndefined();
  });

  it.each([
    ['http://evil.example', 403],
    ['null', 403],
    ['http://trainer', 403],
    ['http://trainer:7070', undefined],
  ])('that is a page of %s gets %s, whatever it brings', (origin, status) => {
    expect(verdict({}, { origin })).toBe(status);
    expect(verdict({ needs: undefined }, { origin })).toBe(status);
  });

  it.each([
    ['127.0.0.1:7070', undefined],
    ['[::1]:7070', undefined],
    ['localhost:7070', undefined],
    [undefined, undefined],
    ['evil.example:7070', 403],
  ])('of a server without tokens that asks for %s gets %s', (host, status) => {
    const origin = host === undefined ? undefined : `http://${host}`;
    expect(verdict({ isGuarded: false, roles: undefined }, { host, origin })).toBe(status);
  });

  it.each([
    ['http://trainer:7070', undefined],
    ['https://trainer', 403],
    ['https://ours.example', undefined],
    ['https://ours.example:8443', 403],
    ['http://ours.example', 403],
    ['https://evil.example', 403],
  ])('that is a page of %s gets %s where ours.example:443 is advertised', (origin, status) => {
    const advertised = { host: 'ours.example', port: 443 };
    expect(verdict({ advertised }, { origin })).toBe(status);
  });

  it('of a server without tokens may call it as it is advertised', () => {
    const facts = { isGuarded: false, roles: undefined };
    const advertised = { host: 'ours.example', port: undefined };
    expect(verdict({ ...facts, advertised }, { host: 'Ours.Example:8080' })).toBeUndefined();
    expect(verdict({ ...facts, advertised }, { host: 'evil.example' })).toBe(403);
    const v6 = { host: '2001:db8::1', port: 7070 };
    expect(verdict({ advertised: v6 }, { origin: 'http://[2001:DB8::1]:7070' })).toBeUndefined();
  });

  it('of a Unix socket may call it as it likes', () => {
    const visitor = { host: 'x', address: undefined };
    expect(verdict({ isGuarded: false, roles: undefined }, visitor)).toBeUndefined();
  });

  it('is told why in few enough bytes for a close message', () => {
    for (const facts of [{ roles: undefined }, { roles: new Set<never>() }, { isBlocked: true }]) {
      const { denial } = decide({
        ...{ visitor: program, needs: 'control', isGuarded: true, isBlocked: false },
        ...facts,
        roles: facts.roles,
      });
      expect(Buffer.byteLength(denial?.words ?? '')).toBeLessThan(124);
    }
  });
});

describe('what is wanted needs', () => {
  it.each([
    ['connection', '/', 'worker'],
    ['connection', '/healthz', 'worker'],
    ['answer', '/healthz', undefined],
    ['answer', '/readyz', undefined],
    ['answer', '/status.json', 'observe'],
    ['answer', '/whatever-comes', 'observe'],
    ['answer', '/control/stop', 'control'],
  ] as const)('a %s of %s: %s', (wants, path, role) => {
    expect(roleNeeded({ wants, path })).toBe(role);
  });
});

describe('a keyring', () => {
  const secret = 'w'.repeat(20);

  it('knows its tokens, and the roles of one that stands there twice', () => {
    const keyring = createKeyring(parseTokens(`worker: ${secret}\nobserve: ${secret}`, 'F'));
    expect(keyring.rolesOf(digestOf(secret))).toEqual(new Set(['worker', 'observe']));
    expect(keyring.isEmpty).toBe(false);
  });

  it.each(['', 'w', 'w'.repeat(19), 'w'.repeat(21), 'W'.repeat(20), `${secret}\n`])(
    'knows nothing of %j',
    (guess) => {
      expect(createKeyring(parseTokens(secret, 'F')).rolesOf(digestOf(guess)).size).toBe(0);
    },
  );
});
