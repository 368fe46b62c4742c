import { beforeEach, describe, expect, it, vi } from 'vitest';

import { parseAddress } from '../../src/ws/address.ts';
import { findProxy, nameOf } from '../../src/proxy/find-proxy.ts';

const variables = ['http_proxy', 'https_proxy', 'all_proxy', 'no_proxy'];
beforeEach(() => {
  for (const name of variables) {
    vi.stubEnv(name, undefined);
    vi.stubEnv(name.toUpperCase(), undefined);
  }
});

/** The proxy in front of an address, in short. */
function found(address: string, isSecure = false): string | undefined {
  const proxy = findProxy(parseAddress(address), { isSecure });
  return proxy && nameOf(proxy);
}

describe('the proxy in front of a server', () => {
  it('is none where no variable names one', () => {
    expect(found('trainer:7070')).toBeUndefined();
  });

  it.each(['http_proxy', 'HTTP_PROXY', 'all_proxy', 'ALL_PROXY'])('of ws:// is in %s', (name) => {
    vi.stubEnv(name, 'http://gate:3128');
    expect(found('trainer:7070')).toBe('proxy gate:3128');
  });

  it.each(['https_proxy', 'HTTPS_PROXY', 'all_proxy', 'ALL_PROXY'])(
    'of wss:// is in %s',
    (name) => {
      vi.stubEnv(name, 'http://gate:3128');
      expect(found('trainer:7070', true)).toBe('proxy gate:3128');
    },
  );

  it('is that of its kind before that of all', () => {
    vi.stubEnv('ALL_PROXY', 'http://all:1');
    vi.stubEnv('HTTPS_PROXY', 'http://secure:2');
    expect(found('trainer:7070', true)).toBe('proxy secure:2');
    expect(found('trainer:7070')).toBe('proxy all:1');
  });

  it.each([
    ['trainer', 'trainer:7070', undefined],
    ['trainer:7070', 'trainer:7070', undefined],
    ['trainer:443', 'trainer:7070', 'proxy gate:80'],
    ['.example', 'a.b.example:1', undefined],
    ['*.example', 'a.example:1', undefined],
    ['other, 10.0.0.7 ', '10.0.0.7:1', undefined],
    ['*', 'trainer:7070', undefined],
    ['train', 'trainer:7070', 'proxy gate:80'],
  ])('with NO_PROXY=%s is, for %s, %s', (no, address, proxy) => {
    vi.stubEnv('HTTP_PROXY', 'http://gate');
    vi.stubEnv('NO_PROXY', no);
    expect(found(address)).toBe(proxy);
  });

  it.each(['localhost:1', '127.0.0.1:1', '127.3.2.1:1', '[::1]:1', 'unix:/run/a.sock'])(
    'is never asked for %s: that is this machine',
    (address) => {
      vi.stubEnv('ALL_PROXY', 'http://gate');
      expect(found(address)).toBeUndefined();
      expect(found(address, true)).toBeUndefined();
    },
  );

  it('may have credentials, be spoken to over TLS, and have an IPv6 address', () => {
    vi.stubEnv('ALL_PROXY', 'https://me:p%40ss@[2001:db8::1]');
    expect(findProxy(parseAddress('trainer:7070'), { isSecure: true })).toEqual({
      ...{ host: '2001:db8::1', port: 443, isSecure: true, credentials: 'me:p@ss' },
    });
    expect(found('trainer:7070')).toBe('proxy [2001:db8::1]:443');
  });

  it.each(['socks5://me:swordfish@gate:1080', 'ftp://gate', 'http://'])(
    'is refused in words without credentials when it is %s',
    (text) => {
      vi.stubEnv('ALL_PROXY', text);
      const words = (): unknown => found('trainer:7070');
      expect(words).toThrow(
        /^the environment names a proxy of another kind \([\w ]+\); a proxy is/,
      );
      expect(words).not.toThrow(/swordfish/);
    },
  );
});
