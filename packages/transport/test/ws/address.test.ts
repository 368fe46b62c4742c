import { describe, expect, it } from 'vitest';

import { isLoopback, parseAddress, parseUrl, urlOf } from '../../src/ws/address.ts';

describe('an address to listen on', () => {
  it('is a host and a port, an IPv6 address in brackets, or a Unix socket', () => {
    expect(parseAddress('0.0.0.0:4700')).toEqual({ type: 'tcp', host: '0.0.0.0', port: 4700 });
    expect(parseAddress('localhost:0')).toEqual({ type: 'tcp', host: 'localhost', port: 0 });
    expect(parseAddress('[::1]:80')).toEqual({ type: 'tcp', host: '::1', port: 80 });
    expect(parseAddress('unix:/run/a.sock')).toEqual({ type: 'unix', path: '/run/a.sock' });
  });

  it.each([
    '',
    '4700',
    ':4700',
    'host',
    'host:',
    'host:65536',
    '::1:80',
    'unix:a.sock',
    'unix:/a:b',
  ])('is refused with a rule when it is "%s"', (text) => {
    expect(() => parseAddress(text)).toThrow(
      expect.objectContaining({ code: 'bad-address', address: text }),
    );
  });

  it('must fit the 107 bytes that Linux has for the path of a socket, in UTF-8', () => {
    const longest = `/${'é'.repeat(53)}`;
    expect(parseAddress(`unix:${longest}`)).toEqual({ type: 'unix', path: longest });
    expect(() => parseAddress(`unix:${longest}x`)).toThrow(
      expect.objectContaining({
        code: 'path-too-long',
        message: expect.stringMatching(/at most 107 bytes, this one has 108/) as unknown,
      }),
    );
  });
});

describe('a URL to connect to', () => {
  it('says where to go, and whether somebody may stand between', () => {
    expect(parseUrl('ws://10.0.0.7:4700').address).toEqual({
      type: 'tcp',
      host: '10.0.0.7',
      port: 4700,
    });
    expect(parseUrl('wss://example.org')).toMatchObject({
      isSecure: true,
      address: { host: 'example.org', port: 443 },
    });
    expect(parseUrl('ws://[::1]:80/x').address).toEqual({ type: 'tcp', host: '::1', port: 80 });
    expect(parseUrl('ws+unix:///run/a.sock:/').address).toEqual({
      type: 'unix',
      path: '/run/a.sock',
    });
  });

  it('leads back to the address it was made of', () => {
    for (const text of ['127.0.0.1:4700', '[::1]:4700', 'unix:/tmp/with space%/é.sock']) {
      expect(parseUrl(urlOf(parseAddress(text))).address).toEqual(parseAddress(text));
    }
  });

  it.each(['', 'localhost:4700', 'http://a', 'ws+unix://a.sock', 'ws://'])(
    'is refused with a rule when it is "%s"',
    (text) => {
      expect(() => parseUrl(text)).toThrow(expect.objectContaining({ code: 'bad-address' }));
    },
  );
});

it('knows which hosts are this machine', () => {
  expect(['localhost', '127.0.0.1', '127.9.9.9', '::1'].every(isLoopback)).toBe(true);
  expect(['10.0.0.1', '127.evil.example', 'example.org', '::2'].some(isLoopback)).toBe(false);
});
