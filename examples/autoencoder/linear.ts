import { defineJob, mnist } from 'paceline';

import { code, picturesOf, pixels } from './pictures.ts';

/**
 * The linear autoencoder: 8 numbers that say the most about a picture, and the picture that they say. No other does better than the
 * principal components (Baldi, Hornik 1989), so its error is known before: the sum of the other eigenvalues of the covariance.
 */
export default defineJob({
  name: 'autoencoder-linear',
  parameters: {
    mean: { shape: [pixels], init: 'zeros' },
    encode: { shape: [pixels, code] },
    decode: { shape: [code, pixels] },
  },
  loss(tf, { mean, encode, decode }, { x }) {
    const pictures = picturesOf(tf, x);
    const again = pictures.sub(mean).matMul(encode).matMul(decode).add(mean);
    return tf.losses.meanSquaredError(pictures, again);
  },
  data: mnist(),
  optimizer: { type: 'adam', learningRate: 0.01 },
  schedule: { type: 'cosine' },
  batchSize: 256,
  microbatches: 4,
  until: { epochs: 4 },
});
