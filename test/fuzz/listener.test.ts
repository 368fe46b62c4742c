import { inboundMemoryBytes } from '@paceline/server';
import { createWebSocketTransport } from '@paceline/transport';
import { describe, expect, test } from 'vitest';

import {
  toyDigest,
  toyJob,
  toyLayout,
  toyLeaf,
  toyOracle,
} from '../../packages/server/test/support/toy-run.ts';
import { startToyWorker } from '../../packages/server/test/support/toy-worker.ts';
import { openScratch } from '../support/scratch.ts';
import { setTimeout as pause } from 'node:timers/promises';
import { attacks, besiege } from './attacks.ts';
import type { Corpus } from './corpus.ts';
import { recordCorpus } from './corpus.ts';
import { createDice } from './dice.ts';
import { openEnemy } from './enemy.ts';
import type { Enemy } from './enemy.ts';
import { handshake } from './raw-frames.ts';
import { fuzzSeconds, fuzzSeed } from './settings.ts';
import type { Target } from './target.ts';
import { startTarget } from './target.ts';

const megabyte = 2 ** 20;
const attackersAtATime = 12;
const transport = createWebSocketTransport();

describe.each([
  ['TCP', () => '127.0.0.1:0'],
  ['a Unix socket', (folder: string) => `unix:${folder}/s.sock`],
])('a server on %s under fire', (_what, addressIn) => {
  test(`keeps its workers, its bits and its memory (seed ${fuzzSeed})`, async ({ annotate }) => {
    using scratch = openScratch();
    const corpus = await recordCorpus({ fingerprint: 'an enemy' });
    const target = await startTarget(scratch, addressIn(scratch.path));
    const honest = await Promise.all(['a', 'b'].map((name) => joinRun(target, name)));
    const idlers = await Promise.all(idle.map((act) => act(target)));
    const [tally, late] = await Promise.all([
      attack(target, corpus),
      pause(fuzzSeconds * 500).then(() => joinPatiently(target, 'c')),
    ]);
    honest.push(late);
    for (const idler of idlers) while (!idler.isGone) await idler.listen(1_000);
    const dice = createDice(fuzzSeed, tally.attacks);
    const ground = { target: target.socket, corpus, dice, attack: tally.attacks };
    await besiege({ ...ground, sent: () => undefined }, attackersAtATime);
    const before = (await target.status()).step;
    await expect.poll(async () => (await target.status()).step).toBeGreaterThan(before + 10);
    const { refusals, workers } = await target.status();
    const { end, memory } = await target.stop();

    expect(workers.map(({ name }) => name).filter((name) => name.length === 1)).toEqual([
      ...['a', 'b', 'c'],
    ]);
    for (const worker of honest) expect((await worker.closed).code).toBe(4008);
    const { settings } = toyJob();
    expect(end.weightsSha256).toBe(toyDigest(toyOracle(settings, end.steps, steadyLeaf)));
    const budget = inboundMemoryBytes({ bucketBytes: 32, workers: attackersAtATime });
    const grownBytes = memory.peakBytes - memory.start.residentBytes;
    expect(grownBytes).toBeLessThan(budget);
    expect(memory.end.bufferBytes - memory.start.bufferBytes).toBeLessThan(8 * megabyte);
    expect(memory.end.heapBytes - memory.start.heapBytes).toBeLessThan(32 * megabyte);
    expect(Object.keys(refusals).length).toBeGreaterThan(10);
    const counts = Object.entries(refusals).map(([reason, count]) => `${reason} ${count}`);
    await annotate(
      `seed ${fuzzSeed}: ${tally.attacks} attacks, ${tally.frames} frames, ${end.steps} steps; ` +
        `${Math.round(grownBytes / megabyte)} of ${Math.round(budget / megabyte)} MiB; ${counts.join(', ')}`,
    );
  });
});

/** Those who do nothing and never leave: a socket, the start of a request, a WebSocket. All must be gone in the end. */
const idle: readonly ((target: Target) => Promise<Enemy>)[] = ['', 'GET / HT', handshake()].map(
  (words) => async (target) => {
    const enemy = await openEnemy(target.socket);
    await enemy.write(words);
    return enemy;
  },
);

/** The toy's state grows by a quarter in each step, until it is no number; this one shrinks, and a run may be long. */
const steadyLeaf: typeof toyLeaf = (parameters, o) => {
  const { offset, length } = toyLayout.sections.state;
  const isState = (i: number): boolean => i >= offset && i < offset + length;
  return toyLeaf(
    parameters.map((value, i) => (isState(i) ? -value : value)),
    o,
  );
};

async function joinRun(target: Target, name: string): ReturnType<typeof startToyWorker> {
  const worker = await startToyWorker(transport, target.url, { name, leafOf: steadyLeaf });
  // What came is of no interest here, and in an evening it would fill the memory.
  worker.beforeNode = () => {
    worker.received.length = 0;
    return true;
  };
  return worker;
}

/** In a crowd there may be no room, or no longer when the hello comes: a worker tries again. */
async function joinPatiently(target: Target, name: string): ReturnType<typeof joinRun> {
  for (;;) {
    const worker = await joinRun(target, name).catch(() => undefined);
    // Fails when the server has ended.
    const { workers } = await target.status();
    if (worker && workers.some((each) => each.name === name)) return worker;
    worker?.connection.terminate();
    await pause(50);
  }
}

/** Attacks from several sides until the time is over; how often, and with how many frames. */
async function attack(
  target: Target,
  corpus: Corpus,
): Promise<{ readonly attacks: number; readonly frames: number }> {
  const endMs = performance.now() + fuzzSeconds * 1000;
  const kinds = Object.values(attacks);
  let count = 0;
  let frames = 0;
  const side = async (): Promise<void> => {
    while (performance.now() < endMs) {
      const number = count++;
      const dice = createDice(fuzzSeed, number);
      const sent = (): number => (frames += 1);
      const act = kinds[dice.below(kinds.length)];
      await act?.({ target: target.socket, corpus, dice, attack: number, sent });
    }
  };
  await Promise.all(Array.from({ length: attackersAtATime }, side));
  return { attacks: count, frames };
}
