import { join } from 'node:path';

import { train } from 'paceline';
import type { FitOptions } from 'paceline';
import { describe, expect, test } from 'vitest';

import { openScratch } from '../../support/scratch.ts';
import {
  additionModel,
  difference,
  digitsModel,
  housesModel,
  irisData,
  irisModel,
  tf,
  twins,
} from './models.ts';

// One microbatch and one order: what `fit` computes, with other kernels in other processes.
const exactly = { microbatches: 1, shuffle: false, workers: 1, backend: 'cpu' } as const;
const quiet = { shuffle: false, verbose: 0 } as const;

/** Float32 has 24 bits, and a few roundings of each step differ; Adam divides by what is small. */
const bound = 5e-6;

const expectClose = (one: object, other: object): void => {
  expect(Object.keys(one)).toEqual(Object.keys(other));
  const values = (history: object): number[] => (Object.values(history) as number[][]).flat();
  values(one).forEach((value, i) => {
    expect(value).toBeCloseTo(values(other)[i] ?? NaN, 5);
  });
};

type Numbers = Readonly<Record<string, readonly number[]>>;
const ownNames = (history: Numbers): Numbers =>
  Object.fromEntries(Object.entries(history).filter(([name]) => !name.startsWith('val_')));

describe('training goes on where fit has left it, and fit where training has', () => {
  const optimizers = {
    momentum: () => tf.train.momentum(0.1, 0.9),
    adam: () => tf.train.adam(0.02),
    rmsprop: () => tf.train.rmsprop(0.01, 0.9, 0.5),
    adagrad: () => tf.train.adagrad(0.1),
  };
  test.concurrent.each(Object.entries(optimizers))('%s', async (name, optimizer) => {
    using scratch = openScratch();
    const { x, y } = irisData(90);
    const [fitted, trained] = twins(() => irisModel(optimizer()));
    const first = { epochs: 1, ...quiet };
    await Promise.all([fitted.fit(x, y, first), trained.fit(x, y, first)]);
    const options = { epochs: 4, initialEpoch: 1, validationSplit: 0.2, batchSize: 20 };
    const expected = await fitted.fit(x, y, { ...options, ...quiet });
    const history = await train(
      trained,
      { x, y },
      { ...options, ...exactly, out: join(scratch.path, name) },
    );
    expect(history.epoch).toEqual([1, 2, 3]);
    expectClose(history.history, expected.history);
    expect(difference(fitted, trained)).toBeLessThan(bound);
    await Promise.all([fitted.fit(x, y, first), trained.fit(x, y, first)]);
    expect(difference(fitted, trained)).toBeLessThan(bound);
  });
});

test('convolution and batch normalisation: weights and moving averages of fit; the same bits for 1, 2, 3 and 5 workers', async () => {
  using scratch = openScratch();
  const x = tf.randomUniform([50, 8, 8, 1], 0, 1, 'float32', 3);
  const y = tf.tensor1d(Array.from({ length: 50 }, (_, i) => i % 5));
  const [fitted, trained] = twins(digitsModel);
  const start = trained.getWeights().map((weight) => weight.clone());
  const options = { epochs: 2, batchSize: 16, classWeight: { 0: 1, 1: 2, 2: 0.5, 3: 1, 4: 1 } };
  const expected = await fitted.fit(x, y, { ...options, ...quiet });
  const history = await train(
    trained,
    { x, y },
    { ...options, ...exactly, out: join(scratch.path, 'one') },
  );
  expectClose(history.history, expected.history);
  expect(difference(fitted, trained)).toBeLessThan(bound);

  const hashes = new Set<unknown>();
  const withWorkers = async (workers: number): Promise<void> => {
    const model = digitsModel();
    model.setWeights(start);
    const out = join(scratch.path, `${String(workers)}-workers`);
    const shared: FitOptions = { ...options, workers, microbatches: 5, backend: 'wasm', out };
    hashes.add((await train(model, { x, y }, shared)).weightsSha256);
  };
  await Promise.all([1, 2].map(withWorkers));
  await Promise.all([3, 5].map(withWorkers));
  expect([...hashes]).toEqual([expect.stringMatching(/^[0-9a-f]{64}$/)]);
});

test('several inputs and outputs by name, a frozen layer, data for validation, weights of classes', async () => {
  using scratch = openScratch();
  const houses = (examples: number, seed: number) => {
    const numbers = tf.randomNormal([examples, 6], 0, 1, 'float32', seed);
    const place = tf.randomUniform([examples, 1], 0, 7, 'int32', seed);
    const price = numbers.sum(1, true);
    return { x: { numbers, place }, y: { price, sold: price.greater(0).toFloat() } };
  };
  const { x, y } = houses(45, 1);
  const test = houses(10, 2);
  const [fitted, trained] = twins(housesModel);
  const options = { epochs: 3, batchSize: 20 };
  const expected = await fitted.fit(x, y, {
    ...options,
    ...quiet,
    validationData: [test.x, test.y] as never,
  });
  const history = await train(
    trained,
    { x, y },
    { ...options, ...exactly, validationData: [test.x, test.y], out: join(scratch.path, 'run') },
  );
  expectClose(ownNames(history.history), ownNames(expected.history as Numbers));
  // In `fit` the first is that of one output, the second the sum, and the others move on by one.
  const named = {
    val_loss: 'val_price_loss',
    val_price_loss: 'val_loss',
    val_sold_loss: 'val_price_mae',
  };
  const moved: Readonly<Record<string, string>> = { ...named, val_price_mae: 'val_sold_acc' };
  for (const [name, inFit] of Object.entries(moved)) {
    const wanted = expected.history[inFit] as number[];
    expectClose({ name: history.history[name] }, { name: wanted });
  }
  expect(difference(fitted, trained)).toBeLessThan(bound);
});

test('sequences: LSTM, repeated, with a layer at each step; tensors are left as by fit', async () => {
  using scratch = openScratch();
  const one = (shape: [number, number], seed: number) =>
    tf.oneHot(tf.randomUniform(shape, 0, 12, 'int32', seed) as never, 12).toFloat();
  const [x, y] = [one([40, 5], 1), one([40, 3], 2)];
  const [fitted, trained] = twins(additionModel);
  const counts = [tf.memory().numTensors];
  const expected = await fitted.fit(x, y, { epochs: 2, ...quiet });
  counts.push(tf.memory().numTensors);
  const history = await train(
    trained,
    { x, y },
    { epochs: 2, ...exactly, out: join(scratch.path, 'run') },
  );
  counts.push(tf.memory().numTensors);
  const [before = 0, afterFit = 0, afterTrain = 0] = counts;
  expect(afterTrain - afterFit).toBe(afterFit - before);
  expectClose(history.history, expected.history);
  expect(difference(fitted, trained)).toBeLessThan(bound);
});
