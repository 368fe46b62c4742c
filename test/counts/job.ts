import { createHash } from 'node:crypto';
import type { Bucket, ParameterLayout } from '@paceline/math';
import { createLayout, planBuckets } from '@paceline/math';
import type { Job, JobSettings, MessageOf } from '@paceline/protocol';
import { parseJob } from '@paceline/protocol';

/**
 * What is counted: MNIST through 672 hidden units, 534,250 parameters. The sizes are chosen so that nothing depends on
 * chance: every bucket is larger than what one read of a socket brings (64 KiB), so that it always comes in pieces; and a
 * worker's step is a quarter of its credit, reached with its last frame, so that each step brings one message of credit.
 */
export const countedLayout: ParameterLayout = createLayout([
  { name: 'scalars', shape: [3], section: 'scalars' },
  { name: 'hidden/kernel', shape: [784, 672], section: 'trainable' },
  { name: 'hidden/bias', shape: [672], section: 'trainable' },
  { name: 'output/kernel', shape: [672, 10], section: 'trainable' },
  { name: 'output/bias', shape: [10], section: 'trainable' },
]);

export const batchSize = 256;
export const microbatches = 4;
export const learningRate = 0.125;

/** The job: plain SGD, four microbatches, buckets of 200,000, 200,000 and 134,250 numbers behind that of the scalars. */
export const countedJob: Job = parseJob({
  name: 'counted',
  model: () => undefined,
  loss: 'meanSquaredError',
  data: { type: 'linear' },
  optimizer: { type: 'sgd', learningRate },
  batchSize,
  microbatches,
  bucketBytes: 800_000,
  until: { steps: 100 },
});

export const countedBuckets: readonly Bucket[] = planBuckets(
  countedLayout,
  countedJob.settings.bucketBytes,
);

/** Every parameter is 0 at first. */
const initialZeros = countedLayout.sections.trainable.length;

/** What every worker says of its model and data. */
export function layoutFacts(settings: JobSettings): Omit<MessageOf<'layout'>, 'kind'> {
  const digest = 'd'.repeat(64);
  return {
    tensors: countedLayout.tensors.map(({ name, shape, section }) => ({ name, shape, section })),
    topology: null,
    splits: { train: { examples: 60_000, digest } },
    scalars: ['weight', 'loss', 'accuracy'],
    initialDigest: createHash('sha256')
      .update(new Uint8Array(4 * initialZeros))
      .digest('hex'),
    probe: digest,
    settings,
    backend: 'cpu',
    fingerprint: 'none',
    level: 'portable',
  };
}
