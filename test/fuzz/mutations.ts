import type { Dice } from './dice.ts';

type Mutation = (frame: Uint8Array, dice: Dice) => Uint8Array;

/**
 * One to three damages to a frame, from single bits to values that msgpack can say and nobody should: the same dice give
 * the same damages.
 */
export function mutate(frame: Uint8Array, dice: Dice): Uint8Array {
  let damaged = frame;
  for (let left = 1 + dice.below(3); left > 0; left--)
    damaged = dice.pick(mutations)(damaged, dice);
  return damaged;
}

/** Heads of msgpack values that claim more than there is, or are of a kind that no message has. */
const lies: readonly [string, ...string[]] = [
  ...(['dfffffffff', 'ddffffffff', 'dbffffffff', 'c6ffffffff', 'c9ffffffff01'] as const),
  ...['de000f4240', 'df000f4240', 'dd000f4240'], // 10^6 entries
  ...['c1', 'd4ff00', 'd6ff00000000', 'c70000', 'c400'], // never used, extensions, binary
  ...['ca7fc00000', 'cb7ff0000000000000', 'cb3ff8000000000000'], // NaN, infinity, 1.5
  ...['cfffffffffffffffff', 'cf001fffffffffffff', 'd38000000000000000', 'ff', 'd1ffff'], // 2^64-1, 2^53-1, -2^63, -1
  ...['a95f5f70726f746f5f5f80', '81ab636f6e7374727563746f7280'], // __proto__, constructor
  ...['a1ff', 'a2c19f', 'a3eda0bd', '80', '90', 'c0', 'c3'],
];

const mutations: readonly [Mutation, ...Mutation[]] = [
  function flipBit(frame, dice) {
    const copy = Uint8Array.from(frame);
    const at = dice.below(frame.length);
    copy[at] = (copy[at] ?? 0) ^ (1 << dice.below(8));
    return copy;
  },
  function setByte(frame, dice) {
    const copy = Uint8Array.from(frame);
    copy[dice.below(frame.length)] = dice.below(256);
    return copy;
  },
  function cut(frame, dice) {
    return frame.slice(0, dice.below(frame.length));
  },
  function extend(frame, dice) {
    return joined(frame, dice.bytes(1 + dice.below(64)));
  },
  function twice(frame) {
    return joined(frame, frame);
  },
  function lie(frame, dice) {
    const at = dice.below(frame.length);
    return joined(frame.slice(0, at), Buffer.from(dice.pick(lies), 'hex'), frame.slice(at + 1));
  },
  function insertLie(frame, dice) {
    const at = dice.below(frame.length);
    return joined(frame.slice(0, at), Buffer.from(dice.pick(lies), 'hex'), frame.slice(at));
  },
  function repeatRange(frame, dice) {
    const first = dice.below(frame.length);
    const end = first + dice.below(frame.length - first);
    return joined(frame.slice(0, end), frame.slice(first));
  },
  function bury(frame, dice) {
    const depth = dice.pick([60, 65, 1_000, 50_000]);
    return joined(
      frame.slice(0, dice.below(frame.length)),
      new Uint8Array(depth).fill(0x91),
      frame,
    );
  },
  function anotherKind(frame, dice) {
    const copy = Uint8Array.from(frame);
    copy[1] = dice.below(128);
    return copy;
  },
];

/** The frame with another value, in hex, for a header field that is a whole number. */
export function replaceCount(frame: Uint8Array, name: string, hex: string): Uint8Array {
  const key = Buffer.from(name);
  const at = Buffer.from(frame).indexOf(key);
  if (at < 0) return frame;
  const value = at + key.length;
  return joined(
    frame.slice(0, value),
    Buffer.from(hex, 'hex'),
    frame.slice(value + countBytes(frame, value)),
  );
}

/** Bytes of the whole number at that place. */
export function countBytes(frame: Uint8Array, at: number): number {
  const tag = frame[at] ?? 0;
  return tag >= 0xcc && tag <= 0xcf ? 1 + 2 ** (tag - 0xcc) : 1;
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(Buffer.concat(parts));
}
