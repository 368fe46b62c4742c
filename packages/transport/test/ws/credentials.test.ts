import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';

import { authorization, currentToken, readToken } from '../../src/ws/credentials.ts';

const token = 'Zm9v+YmFy/YmF6==';

const folder = mkdtempSync(join(tmpdir(), 'paceline-credentials-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe('the token to show', () => {
  const tokenFile = join(folder, 'token');

  it('is what the file says at this moment', () => {
    writeFileSync(tokenFile, 'observe: an-observers-token\nworker: first-secret-0001\n');
    expect(currentToken({ tokenFile })).toBe('first-secret-0001');
    writeFileSync(tokenFile, 'second-secret-0002\n');
    expect(currentToken({ tokenFile })).toBe('second-secret-0002');
    expect(currentToken({ token })).toBe(token);
    expect(currentToken({})).toBeUndefined();
  });

  it.each([
    ['observe: an-observers-token', `${tokenFile} has no token for worker`],
    ['', `no token to show: ${tokenFile} has no token.`],
    ['worker: secret', `no token to show: ${tokenFile}, line 1: a line is`],
  ])('is missed in words without a secret when the file is %j', (text, words) => {
    writeFileSync(tokenFile, text);
    const error = thrownBy(() => currentToken({ tokenFile }));
    expect(error).toMatchObject({ code: 'bad-token' });
    expect(error.message).toContain(words);
    expect(error.message).not.toContain('secret');
  });
});

function thrownBy(act: () => unknown): Error {
  try {
    act();
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new Error('nothing was thrown');
}

describe('a token', () => {
  it('travels in a header as RFC 6750 has it', () => {
    expect(authorization(token)).toEqual({ Authorization: `Bearer ${token}` });
    expect(authorization(undefined)).toEqual({});
    expect(readToken({ authorization: `bearer  ${token} ` })).toBe(token);
  });

  it('travels from a browser among the subprotocols, in letters that are allowed there', () => {
    // base64url of the token, by hand: openssl base64 -A | tr '+/' '-_' | tr -d '='
    const list = 'paceline.v1, paceline.token.Wm05ditZbUZ5L1ltRjY9PQ';
    expect(readToken({ 'sec-websocket-protocol': list })).toBe(token);
  });

  it.each([
    {},
    { authorization: 'Basic dTpw' },
    { authorization: token },
    { 'sec-websocket-protocol': 'paceline.v1' },
  ])('is not seen where there is none: %j', (headers) => {
    expect(readToken(headers)).toBeUndefined();
  });
});
