import { dataset, defineJob } from 'paceline';

import { items, ratings, users } from './ratings.ts';

const factors = 3;

/**
 * Matrix factorisation (Koren, Bell, Volinsky 2009): the rating of a user for an item is the product of their vectors, plus
 * how generous the one and how good the other is. Each step touches the rows of a batch's users and items alone.
 */
export default defineJob({
  name: 'recommender',
  model(tf) {
    const user = tf.input({ shape: [1], name: 'user' });
    const item = tf.input({ shape: [1], name: 'item' });
    /** A row of numbers for each user or item. */
    const row = (of: typeof user, name: string, inputDim: number, outputDim: number) =>
      tf.layers
        .flatten()
        .apply(
          tf.layers.embedding({ name, inputDim, outputDim, inputLength: 1 }).apply(of),
        ) as typeof user;
    const taste = tf.layers
      .dot({ axes: 1 })
      .apply([
        row(user, 'user_factors', users, factors),
        row(item, 'item_factors', items, factors),
      ]) as typeof user;
    const [generous, good] = [row(user, 'user_bias', users, 1), row(item, 'item_bias', items, 1)];
    const rating = tf.layers.add().apply([taste, generous, good]) as typeof user;
    return tf.model({ inputs: [user, item], outputs: rating });
  },
  loss: 'meanSquaredError',
  data: dataset({ train: ratings(0, 30_000), test: ratings(30_000, 5_000) }),
  // Each number has a rate of its own, which falls with the gradients that came to it: rare users and items learn as
  // fast as popular ones. A row that has no gradient stays as it is.
  optimizer: { type: 'adagrad', learningRate: 0.5, initialAccumulatorValue: 1e-6 },
  schedule: { type: 'polynomial' },
  batchSize: 512,
  microbatches: 4,
  until: { epochs: 6 },
});
