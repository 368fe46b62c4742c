import { existsSync, truncateSync } from 'node:fs';
import type { NetConnectOpts } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { encodeMessage } from '@paceline/protocol';

import { toyJob, toyLayoutMessage } from '../../packages/server/test/support/toy-run.ts';
import type { Corpus } from './corpus.ts';
import type { Dice } from './dice.ts';
import type { Enemy } from './enemy.ts';
import { openEnemy } from './enemy.ts';
import { countBytes, mutate, replaceCount } from './mutations.ts';
import { handshake } from './raw-frames.ts';

/** What an attack works with. */
export interface Ground {
  readonly target: NetConnectOpts;
  readonly corpus: Corpus;
  readonly dice: Dice;
  /** Its number, for names that nobody else has. */
  readonly attack: number;
  /** Told of each message or piece of one that was sent. */
  readonly sent: () => void;
}

/** How long an attack waits for an answer, which it does not need. */
const patienceMs = 100;
const kilobyte = 2 ** 10;

const post = (path: string, headers: string): string =>
  `POST ${path} HTTP/1.1\r\nHost: localhost\r\n${headers}\r\n\r\n`;

/** Each is one connection, or a few, and ends by itself. */
export const attacks: Readonly<Record<string, (ground: Ground) => Promise<void>>> = {
  garbage: (ground) => withEnemy(ground, (enemy) => enemy.write(ground.dice.bytes(500))),
  'half a request': (ground) =>
    withEnemy(ground, (enemy) => enemy.write(handshake().slice(0, 1 + ground.dice.below(150)))),
  'a damaged handshake': (ground) =>
    withEnemy(ground, (enemy) => enemy.write(mutate(Buffer.from(handshake()), ground.dice))),
  'another subprotocol': (ground) =>
    withEnemy(ground, async (enemy) => {
      await enemy.open('graphql-ws');
    }),
  'huge headers': (ground) =>
    withEnemy(ground, (enemy) => enemy.write(post('/', `X: ${'x'.repeat(100 * kilobyte)}`))),
  'an absurd body': (ground) =>
    withEnemy(ground, (enemy) => {
      const lengths = ['Content-Length: 99999999999999', 'Transfer-Encoding: chunked'] as const;
      const end = 'Content-Length: 1e9';
      return enemy.write(post('/control/resume', ground.dice.pick([...lengths, end])));
    }),
  'a flood of requests': (ground) =>
    withEnemy(ground, (enemy) =>
      enemy.write('GET /status.json HTTP/1.1\r\nHost: localhost\r\n\r\n'.repeat(50)),
    ),
  'a trickle': (ground) =>
    withEnemy(ground, async (enemy) => {
      for (const letter of handshake().slice(0, 20)) {
        await enemy.write(letter);
        await enemy.listen(50);
      }
    }),
  'many who are only there': async (ground) => {
    const crowd = await Promise.all(Array.from({ length: 40 }, () => openEnemy(ground.target)));
    await crowd[0]?.listen(patienceMs);
    for (const enemy of crowd) enemy[Symbol.dispose]();
  },
  'a damaged first message': (ground) =>
    withSocket(ground, (enemy) => enemy.frame({ payload: mutate(anyFrame(ground), ground.dice) })),
  'a first message that is no hello': (ground) =>
    withSocket(ground, (enemy) => enemy.frame({ payload: anyFrame(ground) })),
  'a first message without end': (ground) =>
    withSocket(ground, async (enemy) => {
      await enemy.frame({ claimedBytes: 16 * kilobyte * kilobyte });
      for (let i = 0; i < 20 && !enemy.isGone; i++) await enemy.write(new Uint8Array(50_000));
    }),
  'broken WebSocket frames': (ground) =>
    withSocket(ground, (enemy) => {
      const { dice } = ground;
      return enemy.frame({
        opcode: dice.below(16),
        isLast: dice.below(2) === 0,
        reserved: dice.pick([0, 0, 1, 4]),
        isMasked: dice.below(4) > 0,
        claimedBytes: dice.pick([0, 1, 125, 70_000, 2 ** 31, 2 ** 52]),
        payload: dice.bytes(dice.below(200)),
      });
    }),
  'pieces of nothing': (ground) =>
    withSocket(ground, async (enemy) => {
      await enemy.frame({ isLast: false });
      const nothing = Buffer.concat(Array<Buffer>(5_000).fill(Buffer.of(0, 0x80, 0, 0, 0, 0)));
      for (let i = 0; i < 5 && !enemy.isGone; i++) await enemy.write(nothing);
    }),
  'a flood of pings': (ground) =>
    withSocket(ground, async (enemy) => {
      const ping = Buffer.concat(Array<Buffer>(5_000).fill(Buffer.of(0x89, 0x80, 0, 0, 0, 0)));
      for (let i = 0; i < 5 && !enemy.isGone; i++) await enemy.write(ping);
    }),
  'damaged messages after the welcome': (ground) =>
    withWelcome(ground, (enemy) => enemy.frame({ payload: mutate(anyFrame(ground), ground.dice) })),
  'damaged layouts': (ground) =>
    withWelcome(ground, (enemy) =>
      enemy.frame({ payload: mutate(ground.corpus.layout[0], ground.dice) }),
    ),
  'a large message that never ends': (ground) =>
    withWelcome(ground, async (enemy) => {
      await enemy.frame({ claimedBytes: 16 * kilobyte * kilobyte });
      const piece = new Uint8Array(ground.dice.pick([100, 65_536]));
      for (let i = 0; i < 100 && !enemy.isGone; i++) await enemy.write(piece);
    }),
  'a message over the limit': (ground) =>
    withWelcome(ground, (enemy) =>
      enemy.frame({ claimedBytes: ground.dice.pick([2 ** 24 + 1, 2 ** 31, 2 ** 40, 2 ** 62]) }),
    ),
  'a header that is more than it seems': (ground) =>
    withWelcome(ground, (enemy) => enemy.frame({ payload: bomb(ground.dice) })),
  'references to shared memory': (ground) =>
    withWelcome(ground, (enemy) => enemy.frame({ payload: reference(ground.dice) })),
  'shared memory that was cut short': (ground) =>
    withWelcome(ground, async (enemy) => {
      const path = /\/dev\/shm\/paceline-[0-9a-f]+/.exec(enemy.heard.toString('latin1'))?.[0];
      if (path !== undefined && existsSync(path)) truncateSync(path, ground.dice.below(10_000));
      await enemy.frame({ payload: Buffer.from('c1010000000000100000', 'hex') });
    }),
  'nodes of nowhere': (ground) =>
    withWelcome(ground, async (enemy) => {
      const layout = { kind: 'layout', ...toyLayoutMessage(toyJob().settings) } as const;
      await enemy.frame({ payload: encodeMessage(layout) });
      await hear(enemy, 'fromStep');
      await enemy.listen(patienceMs);
      // The run waits for what it leased to the enemy: until the end, the step of its parameters is the open one.
      const step = lastVersion(enemy.heard);
      const { corpus, dice } = ground;
      const node = corpus.node[dice.below(corpus.node.length)] ?? corpus.node[0];
      const open = replaceCount(node, 'step', step);
      const field = dice.pick(['level', 'index', 'bucket', 'length', 'step']);
      const absurd = dice.pick(['cf001fffffffffffff', 'ff', 'cb3ff8000000000000', '7f']);
      await enemy.frame({ payload: replaceCount(open, field, absurd) });
    }),
};

/** Waits for a message with that field; a busy server takes its time. */
async function hear(enemy: Enemy, field: string): Promise<void> {
  const endMs = performance.now() + 2_000;
  while (!enemy.isGone && !enemy.heard.includes(field) && performance.now() < endMs) {
    await enemy.listen(patienceMs);
  }
}

/** The last version of which the server sent parameters, as it is on the wire. */
function lastVersion(heard: Buffer): string {
  const at = heard.lastIndexOf('version') + 'version'.length;
  return heard.subarray(at, at + countBytes(heard, at)).toString('hex');
}

/** As many welcomed enemies, each with the largest message that is allowed, but for its end: all of it must be kept. */
export async function besiege(ground: Ground, enemies: number): Promise<void> {
  const frameBytes = 16 * kilobyte * kilobyte;
  const allThere = Promise.withResolvers<undefined>();
  let there = 0;
  const one = (attack: number): Promise<void> =>
    withWelcome({ ...ground, attack }, async (enemy) => {
      await enemy.frame({ claimedBytes: frameBytes });
      for (let i = 1; i < 256 && !enemy.isGone; i++) await enemy.write(new Uint8Array(65_536));
      if (!enemy.isGone) there += 1;
      if (there === enemies) allThere.resolve(undefined);
      await Promise.race([allThere.promise, pause(10_000)]);
    });
  await Promise.all(Array.from({ length: enemies }, (_, i) => one(ground.attack + i)));
  if (there < enemies) throw new Error(`only ${there} of ${enemies} enemies were let in`);
}

/** A reference into a lane (docs/protocol.md), or what looks like one; its memory is full of zeros. */
function reference(dice: Dice): Uint8Array {
  const bytes = Buffer.alloc(10);
  bytes.set([0xc1, dice.pick([1, 1, 1, 0, 2])]);
  bytes.writeUInt32BE(dice.pick([0, 4096, 2 ** 24 - 40_000, 2 ** 32 - 1]), 2);
  bytes.writeUInt32BE(dice.pick([0, 40_000, 2 ** 24, 2 ** 24 + 1, 2 ** 32 - 1]), 6);
  return dice.below(3) === 0 ? bytes.subarray(0, dice.below(11)) : bytes;
}

/** Empty maps, distinct keys, or wrong tensors, by the megabyte. */
function bomb(dice: Dice): Uint8Array {
  const count = dice.pick([1_000, 100_000, 1_000_000]);
  const length = Buffer.alloc(5, 0xdd);
  length.writeUInt32BE(count, 1);
  const item = dice.pick([[0x80], [0x90], [0x07], [0xa1, 0x61]]);
  const field = dice.pick(['tensors', 'scalars', 'topology', 'nonsense']);
  const key = [0xa0 + field.length, ...Buffer.from(field)];
  const items = new Uint8Array(item.length * count).map((_, i) => item[i % item.length] ?? 0);
  return Buffer.concat([Buffer.of(0x92, 2, 0x81, ...key), length, items]);
}

function anyFrame({ corpus, dice }: Ground): Uint8Array {
  const kinds = Object.keys(corpus) as (keyof Corpus)[];
  const kind = kinds[dice.below(kinds.length)] ?? 'hello';
  const frames = corpus[kind];
  return frames[dice.below(frames.length)] ?? frames[0];
}

async function withEnemy(ground: Ground, act: (enemy: Enemy) => Promise<void>): Promise<void> {
  using enemy = await openEnemy(ground.target);
  await act(counting(enemy, ground));
  await enemy.listen(patienceMs);
}

/** With an open WebSocket; where there is no room for one, that was the attack. */
async function withSocket(ground: Ground, act: (enemy: Enemy) => Promise<void>): Promise<void> {
  await withEnemy(ground, async (enemy) => {
    if (await enemy.open()) await act(enemy);
  });
}

async function withWelcome(ground: Ground, act: (enemy: Enemy) => Promise<void>): Promise<void> {
  await withSocket(ground, async (enemy) => {
    const name = `enemy-${ground.attack}`;
    const hello = { kind: 'hello', protocol: 1, name, pid: 1, host: 'elsewhere' } as const;
    await enemy.frame({ payload: encodeMessage(hello) });
    await hear(enemy, 'session');
    await act(enemy);
  });
}

function counting(enemy: Enemy, { sent }: Ground): Enemy {
  const write: Enemy['write'] = (bytes) => {
    sent();
    return enemy.write(bytes);
  };
  return Object.assign(Object.create(enemy) as Enemy, {
    write,
    frame: (frame: Parameters<Enemy['frame']>[0]) => {
      sent();
      return enemy.frame(frame);
    },
  });
}
