import { describe, expect, it } from 'vitest';

import { announcedUrl, isWildcard, parseAdvertised } from '../../src/ws/advertised.ts';

describe('what a server advertises', () => {
  it.each([
    ['trainer', 'trainer', undefined],
    ['Trainer.Example:443', 'trainer.example', 443],
    ['10.0.0.7:7070', '10.0.0.7', 7070],
    ['[2001:DB8::1]', '2001:db8::1', undefined],
    ['[2001:db8:0:0::1]:7070', '2001:db8::1', 7070],
  ])('%s is the host %s and the port %s', (text, host, port) => {
    expect(parseAdvertised(text)).toEqual({ host, port });
  });

  it.each([
    ...['', ':7070', 'trainer:', 'trainer:0', 'trainer:65536', '2001:db8::1', '[x]:1', 'a b'],
    ...['ws://trainer', 'trainer/x', 'user@trainer', '999.1.1.1', '0.0.0.0', '[::]:7070'],
  ])('"%s" is refused with the rule', (text) => {
    expect(() => parseAdvertised(text)).toThrow(
      expect.objectContaining({
        code: 'bad-address',
        message: `${text}: others reach a server at HOST, HOST:PORT, [IPV6] or [IPV6]:PORT, not at a wildcard`,
      }),
    );
  });
});

describe('what a server says of itself', () => {
  it.each([
    ['ws://10.0.0.7:7070', 'ws://10.0.0.7:7070'],
    ['wss://trainer:7070', 'wss://trainer:7070'],
    ['ws://0.0.0.0:7070', 'ws://127.0.0.1:7070'],
    ['wss://[::]:7070', 'wss://[::1]:7070'],
    ['ws+unix:///run/a.sock:/', 'ws+unix:///run/a.sock:/'],
    ['memory:toy', 'memory:toy'],
  ])('when it listens at %s, and nothing is advertised: %s', (url, announced) => {
    expect(announcedUrl(url)).toBe(announced);
  });

  it.each([
    ['ws://0.0.0.0:41234', 'trainer', 'ws://trainer:41234'],
    ['wss://0.0.0.0:7070', 'trainer.example:443', 'wss://trainer.example:443'],
    ['ws://127.0.0.1:7070', '[2001:db8::1]:80', 'ws://[2001:db8::1]:80'],
  ])('when it listens at %s and %s is advertised: %s', (url, advertised, announced) => {
    expect(announcedUrl(url, parseAdvertised(advertised))).toBe(announced);
  });

  it('is never something else than its path for a Unix socket', () => {
    expect(() => announcedUrl('ws+unix:///run/a.sock:/', parseAdvertised('trainer'))).toThrow(
      'ws+unix:///run/a.sock:/: a Unix socket is reached at its path: nothing else can be advertised for it',
    );
  });
});

it('knows addresses that stand for all of a machine', () => {
  expect(['ws://0.0.0.0:1', 'wss://[::]:1'].every(isWildcard)).toBe(true);
  expect(['ws://[::1]:1', 'ws://127.0.0.1:1', 'ws+unix:///a:/', 'memory:a'].some(isWildcard)).toBe(
    false,
  );
});
