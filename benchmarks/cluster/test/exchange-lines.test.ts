import { expect, test } from 'vitest';

import type { Block } from '../../../packages/benchmark/src/contestants/contestant.ts';
import { exchangeLines, summariseExchange } from '../exchange/exchange-lines.ts';

const block = (msPerStep: number, cpu: Readonly<Record<string, number>>): Block => ({
  steps: 1,
  msPerStep,
  cpuMsPerStep: cpu,
  peakBytes: {},
});
const ours = [block(200, { server: 10 }), block(300, { server: 30 }), block(280, { server: 20 })];
const peer = [block(100, { rank: 5 }), block(100, { rank: 5 }), block(70, { rank: 5 })];

test('the ratio is the median of the rounds’ ratios', () => {
  const { rows, ratio } = summariseExchange(
    new Map([
      ['paceline', ours],
      ['gloo', peer],
    ]),
  );
  expect(rows[0]?.msPerStep.median).toBe(280);
  expect(rows[0]?.cpuMsPerStep).toEqual({ server: 20 });
  // 2, 3 and 4.
  expect(ratio).toEqual({ median: 3, lower: 2.5, upper: 3.5 });
});

test('without a peer there are our figures alone', () => {
  const result = summariseExchange(new Map([['paceline', ours]]));
  expect(result.ratio).toBeUndefined();
  expect(exchangeLines(result)).toEqual([
    '| contestant |        ms a step | CPU ms a step, by process |',
    '| ---------- | ---------------: | ------------------------: |',
    '| paceline   | 280 (240 to 290) |                 server 20 |',
  ]);
});
