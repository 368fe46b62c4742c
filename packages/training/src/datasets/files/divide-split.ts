/** Keeps a part of the examples for the test. */
import { createExampleOrder } from '@paceline/math';
import { TrainingError } from '../../errors.ts';
import { keyedRandom } from '../../random-streams.ts';
import type { Batch, Dataset, Split } from '../dataset.ts';
import { digestOf } from '../digest.ts';
import { partOf } from './part-of-split.ts';

/**
 * floor(fraction x examples) of them are for the test, at least 1: the first of a permutation that is keyed by the seed.
 * Both parts keep the order of the files. Which example is where costs 4 bytes each.
 * @throws {TrainingError} `bad-data` when there is nothing to divide.
 */
export function divideSplit<B extends Batch | Promise<Batch>>(
  whole: Split<B>,
  fraction: number,
  seed: number,
): Dataset<B> {
  const { examples } = whole;
  const testExamples = Math.max(1, Math.floor(fraction * examples));
  if (testExamples >= examples) {
    const words = `data.split.test: ${String(examples)} examples are too few to be divided`;
    throw new TrainingError('bad-data', words, { data: { field: 'data.split.test' } });
  }
  const isTest = new Uint8Array(examples);
  // A key of its own: what is for the test must not be what comes first in an epoch.
  const order = createExampleOrder({ seed: keyedRandom('testSplit', seed).uint32(), examples });
  for (let position = 0; position < testExamples; position += 1) isTest[order(0, position)] = 1;
  const [train, test] = [new Uint32Array(examples - testExamples), new Uint32Array(testExamples)];
  let [trains, tests] = [0, 0];
  isTest.forEach((is, index) => {
    if (is === 1) test[tests++] = index;
    else train[trains++] = index;
  });
  const digest = (part: string): string =>
    digestOf([whole.digest, part, String(fraction), String(seed)]);
  return {
    train: { ...partOf(whole, train, digest('train')), notices: whole.notices ?? [] },
    test: partOf(whole, test, digest('test')),
  };
}
