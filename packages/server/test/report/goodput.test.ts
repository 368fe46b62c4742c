import { expect, test } from 'vitest';
import { createGoodput } from '../../src/report/goodput.ts';

test('each instant belongs to one category and the fractions add to one', () => {
  const goodput = createGoodput(0);
  goodput.enter('compute', 100);
  goodput.enter('exchange', 700);
  goodput.enter('compute', 800);
  const fractions = goodput.fractions(1000);
  expect(fractions).toMatchObject({ other: 0.1, compute: 0.8, exchange: 0.1, wait: 0 });
});

test("what rounding leaves over is nobody else's but `other`", () => {
  const goodput = createGoodput(0);
  goodput.enter('compute', 1);
  goodput.enter('wait', 2);
  const sum = Object.values(goodput.fractions(3)).reduce((a, b) => a + b, 0);
  expect(sum).toBeCloseTo(1, 12);
});
