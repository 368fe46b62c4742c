import { defineJob } from 'paceline';
import type { FunctionalFunction, ParameterSpec, Tensor, TensorFlow } from 'paceline';

import { declarations, length } from './text.ts';

const [width, heads, blocks, tokens] = [64, 4, 2, 256];

/** Small normal numbers. */
const small = (...shape: readonly number[]): ParameterSpec => ({
  shape,
  init: { type: 'normal', standardDeviation: 0.05 },
});

const parameters = {
  token: small(tokens, width),
  position: small(length, width),
  // A matrix for each block.
  attention: small(blocks, width, 3 * width),
  attended: small(blocks, width, width),
  up: small(blocks, width, 4 * width),
  down: small(blocks, 4 * width, width),
  scale: { shape: [width], init: 'ones' },
} as const;

/** To mean 0 and variance 1 at each position. */
function normalised(tf: TensorFlow, x: Tensor): Tensor {
  const { mean, variance } = tf.moments(x, -1, true);
  return x.sub(mean).div(variance.add(1e-5).sqrt());
}

/** The last dimension times a matrix. */
function times(x: Tensor, matrix: Tensor): Tensor {
  const rows = x.reshape([-1, x.shape.at(-1) ?? 0]).matMul(matrix);
  return rows.reshape([...x.shape.slice(0, -1), matrix.shape.at(-1) ?? 0]);
}

/** Every position asks those before it, and itself, by the product of its query with their keys. */
function attend(tf: TensorFlow, x: Tensor, matrix: Tensor): Tensor {
  const split = times(x, matrix).reshape([-1, length, 3, heads, width / heads]);
  const [query, key, value] = split.transpose([2, 0, 3, 1, 4]).unstack() as [
    Tensor,
    Tensor,
    Tensor,
  ];
  const place = tf.range(0, length);
  const isLater = place.expandDims(1).less(place.expandDims(0));
  const scores = query.matMul(key, false, true).mul(Math.sqrt(heads / width));
  const shares = scores.sub(isLater.cast('float32').mul(1e9)).softmax();
  return shares.matMul(value).transpose([0, 2, 1, 3]).reshape(x.shape);
}

/** What may come next: the logits [examples, length, tokens] of a transformer (Vaswani et al. 2017), normalised first. */
const logits: FunctionalFunction<typeof parameters> = (tf, p, { x }) => {
  const of = (matrices: Tensor, block: number): Tensor => tf.gather(matrices, block);
  let stream: Tensor = tf.gather(p.token, x.toInt()).add(p.position);
  for (let block = 0; block < blocks; block += 1) {
    const heard = attend(tf, normalised(tf, stream), of(p.attention, block));
    stream = stream.add(times(heard, of(p.attended, block)));
    const thought = times(normalised(tf, stream), of(p.up, block)).relu();
    stream = stream.add(times(thought, of(p.down, block)));
  }
  return times(normalised(tf, stream).mul(p.scale), p.token.transpose());
};

export default defineJob({
  name: 'character-transformer',
  parameters,
  loss: (tf, p, batch) => tf.losses.softmaxCrossEntropy(batch.y, logits(tf, p, batch)),
  predict: logits,
  metrics: ['categoricalAccuracy'],
  data: declarations,
  optimizer: { type: 'adam', learningRate: 0.003, clip: { globalNorm: 1 } },
  schedule: { type: 'cosine', warmupSteps: 50 },
  batchSize: 64,
  microbatches: 4,
  until: { epochs: 10 },
});
