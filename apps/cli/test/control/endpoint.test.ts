import { expect, test } from 'vitest';
import { parseEndpoint } from '../../src/control/endpoint.ts';

test.each([
  ['ws://127.0.0.1:7070', { tls: false, host: '127.0.0.1', port: 7070 }],
  ['ws://[::1]:80/', { tls: false, host: '::1', port: 80 }],
  ['wss://h.example', { tls: true, host: 'h.example', port: 443 }],
  ['localhost:7070', { tls: false, host: 'localhost', port: 7070 }],
  ['ws+unix:///tmp/a/server.sock:/', { tls: false, socketPath: '/tmp/a/server.sock' }],
  ['unix:/tmp/s', { tls: false, socketPath: '/tmp/s' }],
])('%s', (address, endpoint) => {
  expect(parseEndpoint(address)).toEqual(endpoint);
});

test.each(['', 'ftp://h:1', 'ws://'])('"%s" is no address of a server', (address) => {
  expect(() => parseEndpoint(address)).toThrow('is no address of a server');
});
