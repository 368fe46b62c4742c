import { decode as standardDecode, encode as standardEncode } from '@msgpack/msgpack';
import { decodeMessage, encodeMessage, serverMessages, workerMessages } from '@paceline/protocol';
import type { MessageKind, Side } from '@paceline/protocol';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { frameOf } from '../support/frames.ts';
import { hex, samples, settings } from '../support/samples.ts';

const tables = { ...workerMessages, ...serverMessages };

function sideOf(kind: MessageKind): Side {
  return kind in workerMessages ? 'worker' : 'server';
}

describe.each(Object.values(samples))('the message $kind', (message) => {
  it('comes back as it was, from any alignment', () => {
    const frame = frameOf(message);
    for (let shift = 0; shift < 4; shift++) {
      const area = new Uint8Array(frame.length + shift + 5);
      area.set(frame, shift);
      const shifted = area.subarray(shift, shift + frame.length);
      expect(decodeMessage(shifted, sideOf(message.kind))).toEqual(message);
    }
  });

  it('is one value of standard msgpack: [code, header], and the payload if it has one', () => {
    const { kind, ...fields } = message;
    const { payload, ...header } = { payload: undefined, ...fields };
    const rest = payload === undefined ? [] : [Uint8Array.from(payload)];
    expect(standardDecode(frameOf(message))).toEqual([tables[kind].code, header, ...rest]);
  });

  it('may be encoded by another msgpack library', () => {
    const { kind, ...fields } = message;
    const { payload, ...header } = { payload: undefined, ...fields };
    const rest = payload === undefined ? [] : [payload];
    const frame = standardEncode([tables[kind].code, header, ...rest]);
    expect(decodeMessage(frame, sideOf(kind))).toEqual(message);
  });

  it('is refused from the other side', () => {
    const other = sideOf(message.kind) === 'worker' ? 'server' : 'worker';
    expect(() => decodeMessage(frameOf(message), other)).toThrow(
      expect.objectContaining({
        code: 'wrong-direction',
        message: `${message.kind} (code ${tables[message.kind].code}) is never sent by a ${other}`,
      }),
    );
  });
});

it('has a code of its own for every message, small ones for workers', () => {
  const workerCodes = Object.values(workerMessages).map(({ code }) => code);
  const serverCodes = Object.values(serverMessages).map(({ code }) => code);
  expect(workerCodes).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  expect(serverCodes).toEqual([16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28]);
});

it('writes a lease as these bytes', () => {
  const frame = encodeMessage({ kind: 'lease', fromStep: 300, first: 0, end: 8 });
  expect(Uint8Array.from(frame)).toEqual(
    hex(`92 13 83
         a8 66726f6d53746570 cd 012c
         a5 6669727374       00
         a3 656e64           08`),
  );
});

it('leaves out an optional field that is absent', () => {
  const hello = { kind: 'hello', protocol: 1, name: 'w', pid: 1, host: 'h' } as const;
  expect(standardDecode(encodeMessage(hello))).toEqual([
    1,
    { protocol: 1, name: 'w', pid: 1, host: 'h' },
  ]);
  expect(decodeMessage(encodeMessage(hello), 'worker')).toEqual(hello);
});

it('carries every whole number up to 2^53 - 1', () => {
  fc.assert(
    fc.property(fc.maxSafeNat(), (bytes) => {
      const message = { kind: 'credit', bytes } as const;
      expect(decodeMessage(encodeMessage(message), 'server')).toEqual(message);
      const other = standardEncode([22, { bytes }]);
      expect(decodeMessage(other, 'server')).toEqual(message);
    }),
  );
});

it('carries any text; half a character becomes a replacement character', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (reason) => {
      const frame = encodeMessage({ kind: 'goodbye', reason });
      const message = { kind: 'goodbye', reason: reason.toWellFormed() };
      expect(decodeMessage(frame, 'worker')).toEqual(message);
      expect(standardDecode(frame)).toEqual([8, { reason: reason.toWellFormed() }]);
    }),
  );
  const frame = encodeMessage({ kind: 'goodbye', reason: 'cut \ud83d' });
  expect(decodeMessage(frame, 'worker')).toEqual({ kind: 'goodbye', reason: 'cut \ufffd' });
});

it('hands out the payload as a view of the frame, without a copy', () => {
  const frame = frameOf(samples.node);
  const message = decodeMessage(frame, 'worker');
  expect('payload' in message && message.payload.buffer).toBe(frame.buffer);
});

it('carries the settings of a job as they are, frozen or not', () => {
  const message = decodeMessage(encodeMessage(samples.welcome), 'server');
  expect(message).toMatchObject({ settings, declared: settings });
});
