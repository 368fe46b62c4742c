import { describe, expect, it } from 'vitest';

import { authorization, readToken } from '../../src/ws/credentials.ts';

const token = 'Zm9v+YmFy/YmF6==';

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
