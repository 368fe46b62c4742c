import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

import { expect, test } from 'vitest';

import { describeEachBackend } from '../support/backends.ts';
import { exampleFile, longDeadlineMs, trainWithEveryCount } from '../support/examples.ts';
import { train } from '../support/paceline.ts';
import { openScratch } from '../support/scratch.ts';

const text = readFileSync(createRequire(import.meta.url).resolve('typescript/lib/lib.es5.d.ts'));
const lstm = exampleFile('character-lm/lstm.ts');
const transformer = exampleFile('character-lm/transformer.ts');

/** Four windows a step, and 33 to evaluate: what is compared are bits, not sense. */
const small = [
  'batchSize=4',
  'microbatches=4',
  'until.steps=3',
  'schedule.warmupSteps=1',
  'data.split.test=0.01',
];

describeEachBackend((backend, testBackend) => {
  testBackend('character-lm: an LSTM has the same bits for 1, 2, 3 and 5 workers', async () => {
    using scratch = openScratch();
    await trainWithEveryCount(scratch, lstm, { backend, set: [...small, 'data.length=16'] });
  });

  testBackend(
    'character-lm: a transformer has the same bits for 1, 2, 3 and 5 workers',
    async () => {
      using scratch = openScratch();
      await trainWithEveryCount(scratch, transformer, { backend, set: small });
    },
  );
});

test('character-lm: the LSTM begins knowing nothing, and then knows more than how often each byte comes', async () => {
  using scratch = openScratch();
  // Short windows: an LSTM takes its bytes one after the other.
  const size = ['data.length=16', 'batchSize=32', 'microbatches=2', 'data.split.test=0.02'];
  const set = [...size, 'until.steps=150', 'optimizer.learningRate=0.01'];
  const { events, evaluations } = await train(scratch, lstm, {
    workers: 2,
    set,
    deadlineMs: longDeadlineMs,
  });
  expect(firstLossOf(events)).toBeCloseTo(Math.log(256), 1);
  expect(evaluations.at(-1)?.loss).toBeLessThan(entropyOfBytes());
});

test('character-lm: the transformer begins knowing nothing, and then knows more than how often each byte follows each', async () => {
  using scratch = openScratch();
  const set = ['until.steps=100', 'data.split.test=0.02'];
  const { events, evaluations } = await train(scratch, transformer, {
    workers: 2,
    set,
    deadlineMs: longDeadlineMs,
  });
  expect(firstLossOf(events)).toBeCloseTo(Math.log(256), 0);
  expect(evaluations.at(-1)?.loss).toBeLessThan(entropyOfPairs());
});

function firstLossOf(events: readonly { readonly type: string }[]): number {
  const first = events.find(({ type }) => type === 'step') as { readonly loss?: number };
  return first.loss ?? Number.NaN;
}

/** In nats: -sum p log p over the bytes of the text. No model that knows no more than p can have a smaller loss. */
function entropyOfBytes(): number {
  return entropyOf([...text].map(String));
}

/** Of a byte when the one before is known: the entropy of pairs less that of the first ones. */
function entropyOfPairs(): number {
  const pairs = Array.from({ length: text.length - 1 }, (_, i) => `${text[i]} ${text[i + 1]}`);
  return entropyOf(pairs) - entropyOf([...text.subarray(0, -1)].map(String));
}

function entropyOf(symbols: readonly string[]): number {
  const counts = new Map<string, number>();
  for (const symbol of symbols) counts.set(symbol, (counts.get(symbol) ?? 0) + 1);
  const shares = [...counts.values()].map((count) => count / symbols.length);
  return -shares.reduce((sum, share) => sum + share * Math.log(share), 0);
}
