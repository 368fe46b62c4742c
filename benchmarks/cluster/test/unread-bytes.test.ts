import { expect, test } from 'vitest';

import { longestUnreadBytes } from '../growth/unread-bytes.ts';

const head =
  '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode';
const socket = (local: string, o: { state: string; unread: string }): string =>
  `   0: 0100007F:${local} 0100007F:C001 ${o.state} 00000009:${o.unread} 00:00000000 00000000     0        0 7`;

test('the longest queue of a port is that of its connections, in bytes', () => {
  const table = [
    head,
    socket('0FA0', { state: '0A', unread: '00000FFF' }), // listens: connections that wait
    socket('0FA0', { state: '01', unread: '00000010' }),
    socket('0FA0', { state: '01', unread: '0001E240' }),
    socket('0FA1', { state: '01', unread: '00FFFFFF' }), // another port
  ].join('\n');
  expect(longestUnreadBytes(table, 4000)).toBe(123_456);
});

test('without a table, or without a connection, nothing is known', () => {
  expect(longestUnreadBytes(undefined, 4000)).toBeUndefined();
  expect(longestUnreadBytes(head, 4000)).toBeUndefined();
});
