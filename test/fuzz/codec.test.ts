import { decodeMessage, ProtocolError } from '@paceline/protocol';
import { expect, test } from 'vitest';

import { recordCorpus } from './corpus.ts';
import { createDice } from './dice.ts';
import { mutate } from './mutations.ts';
import { fuzzSeconds, fuzzSeed } from './settings.ts';

test('damaged frames decode to a message or are refused, and nothing else happens', async ({
  annotate,
}) => {
  const corpus = await recordCorpus({ fingerprint: 'toy' });
  const frames = Object.values(corpus).flat();
  const counts = new Map<string, number>();
  const endMs = performance.now() + (fuzzSeconds * 1000) / 4;
  let attack = 0;
  for (; performance.now() < endMs; attack++) {
    const dice = createDice(fuzzSeed, attack);
    const frame = frames[dice.below(frames.length)] ?? new Uint8Array();
    const outcome = decode(mutate(frame, dice), attack);
    counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  }
  expect(counts.get('accepted') ?? 0).toBeLessThan(attack / 2);
  const summary = [...counts].map(([outcome, count]) => `${outcome} ${count}`).join(', ');
  await annotate(`seed ${fuzzSeed}: ${attack} damaged frames: ${summary}`);
});

function decode(frame: Uint8Array, attack: number): string {
  try {
    decodeMessage(frame, 'worker');
    return 'accepted';
  } catch (error) {
    if (error instanceof ProtocolError) return error.code;
    throw new Error(`seed ${fuzzSeed}, attack ${attack}`, { cause: error });
  }
}
