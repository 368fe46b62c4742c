import { beforeEach, expect, test } from 'vitest';
import type { SendQueue } from '../../src/communication/send-queue.ts';
import { createSendQueue } from '../../src/communication/send-queue.ts';

let inSocket: { readonly frame: Uint8Array; readonly sent: () => void }[];
let reported: number[];
let log: string[];
let queue: SendQueue;

beforeEach(() => {
  inSocket = [];
  reported = [];
  log = [];
  queue = createSendQueue(
    (frame, sent) => inSocket.push({ frame, sent }),
    (unsent) => reported.push(unsent),
  );
});

function push(name: string, o: { readonly bytes: number; readonly task?: number }): void {
  queue.push({
    task: o.task ?? 0,
    frame: new Uint8Array(o.bytes),
    starts: () => log.push(`${name} starts`),
    sent: () => log.push(`${name} sent`),
  });
}

test('nothing goes without credit, and credit is spent byte by byte in order', () => {
  push('a', { bytes: 10 });
  push('b', { bytes: 1 });
  expect(inSocket).toHaveLength(0);
  queue.credit(10);
  expect(log).toEqual(['a starts']);
  queue.credit(1);
  expect(log).toEqual(['a starts', 'b starts']);
});

test('two frames at most are in the socket', () => {
  queue.reset(100);
  for (const name of ['a', 'b', 'c']) push(name, { bytes: 1 });
  expect(inSocket).toHaveLength(2);
  inSocket[0]?.sent();
  expect(log).toEqual(['a starts', 'b starts', 'a sent', 'c starts']);
  expect(queue.unsent).toBe(2);
});

test('a dropped task keeps only what is in the socket already', () => {
  queue.reset(100);
  for (const name of ['a', 'b', 'c']) push(name, { bytes: 1, task: 7 });
  queue.drop(7);
  expect(queue.unsent).toBe(2);
  for (const { sent } of inSocket) sent();
  expect(reported.at(-1)).toBe(0);
});

test("after a new connection the old socket's answers count for nothing", () => {
  queue.reset(100);
  push('a', { bytes: 1 });
  queue.reset(100);
  inSocket[0]?.sent();
  expect(log).toEqual(['a starts']);
  expect(queue.unsent).toBe(0);
});
