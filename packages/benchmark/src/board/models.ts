import { linear, mnist } from 'paceline';

import { convolution, dense, endlessJob, flatten, pooling } from './model-benchmark.ts';
import type { ModelBenchmark } from './model-benchmark.ts';

const mnistLoss = 'categoricalCrossentropy';

/** The models of the board. Batch and microbatches are part of their definition. */
export const models: readonly ModelBenchmark[] = [
  {
    name: 'mlp',
    title: '784-512-10, 407 k parameters, batch 256 in 2 microbatches',
    batchSize: 256,
    warmUpSteps: 1000,
    blockSteps: 250,
    job: endlessJob({
      name: 'bench-mlp',
      layers: [dense(512, 'relu', 784), dense(10, 'softmax')],
      loss: mnistLoss,
      data: mnist({ flatten: true }),
      batchSize: 256,
      microbatches: 2,
    }),
  },
  {
    name: 'cnn',
    title: 'conv32-conv64-dense128, 225 k parameters, batch 128 in 4 microbatches',
    batchSize: 128,
    warmUpSteps: 600,
    blockSteps: 60,
    job: endlessJob({
      name: 'bench-cnn',
      layers: [
        ...[convolution(32, [28, 28, 1]), pooling, convolution(64), pooling],
        ...[flatten, dense(128, 'relu'), dense(10, 'softmax')],
      ],
      loss: mnistLoss,
      data: mnist(),
      batchSize: 128,
      microbatches: 4,
    }),
  },
  {
    name: 'wide',
    title: '784-4096-4096-1250-10, 25.1 M parameters, batch 64 in 2 microbatches',
    batchSize: 64,
    warmUpSteps: 20,
    blockSteps: 10,
    job: endlessJob({
      name: 'bench-wide',
      layers: [
        ...[dense(4096, 'relu', 784), dense(4096, 'relu')],
        ...[dense(1250, 'relu'), dense(10, 'softmax')],
      ],
      loss: mnistLoss,
      data: mnist({ flatten: true }),
      batchSize: 64,
      microbatches: 2,
    }),
  },
  {
    name: 'tiny',
    title: '2-3 linear, 9 parameters, batch 8 in 2 microbatches',
    batchSize: 8,
    warmUpSteps: 3000,
    blockSteps: 1500,
    job: endlessJob({
      name: 'bench-tiny',
      layers: [dense(3, 'linear', 2)],
      loss: 'meanSquaredError',
      data: linear({ examples: 2048, features: 2, outputs: 3, noise: 0.1 }),
      batchSize: 8,
      microbatches: 2,
    }),
  },
];
