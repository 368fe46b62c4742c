import { describe, expect, it } from 'vitest';

import { parseEndpoint } from '../../src/control/endpoint.ts';

describe('the HTTP side of a server', () => {
  it('is at the address that workers use', () => {
    expect(parseEndpoint('ws://10.0.0.5:7070')).toEqual({
      tls: false,
      host: '10.0.0.5',
      port: 7070,
    });
    expect(parseEndpoint('wss://trainer')).toEqual({ tls: true, host: 'trainer', port: 443 });
    expect(parseEndpoint('ws://[::1]:7070/')).toEqual({ tls: false, host: '::1', port: 7070 });
    expect(parseEndpoint('http://h:8080/status.json')).toMatchObject({ host: 'h', port: 8080 });
    expect(parseEndpoint('trainer:7070')).toMatchObject({ host: 'trainer', port: 7070 });
  });

  it('may be a Unix socket', () => {
    const socketPath = '/tmp/p/server.sock';
    for (const address of [
      `ws+unix://${socketPath}:/`,
      `ws+unix://${socketPath}`,
      `unix:${socketPath}`,
    ]) {
      expect(parseEndpoint(address)).toEqual({ tls: false, socketPath });
    }
  });

  it('is refused when it is none', () => {
    for (const address of ['ftp://h:1', 'ws://', '', 'unix:relative', 'http://h:99999']) {
      expect(() => parseEndpoint(address)).toThrow('no address of a server');
    }
  });
});
