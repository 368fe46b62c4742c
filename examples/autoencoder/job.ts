import { defineJob, mnist } from 'paceline';

import { code, picturesOf, pixels } from './pictures.ts';

const hidden = 128;

/**
 * As many numbers for a picture as in linear.ts, but a hidden layer before and one behind them: the surface on which the
 * pictures lie may be bent, so the same numbers say more.
 */
export default defineJob({
  name: 'autoencoder',
  parameters: {
    look: { shape: [pixels, hidden], init: 'heNormal' },
    lookBias: { shape: [hidden], init: 'zeros' },
    encode: { shape: [hidden, code] },
    encodeBias: { shape: [code], init: 'zeros' },
    decode: { shape: [code, hidden], init: 'heNormal' },
    decodeBias: { shape: [hidden], init: 'zeros' },
    draw: { shape: [hidden, pixels] },
    drawBias: { shape: [pixels], init: 'zeros' },
  },
  loss(tf, p, { x }) {
    const pictures = picturesOf(tf, x);
    const seen = pictures.matMul(p.look).add(p.lookBias).relu();
    const said = seen.matMul(p.encode).add(p.encodeBias);
    const meant = said.matMul(p.decode).add(p.decodeBias).relu();
    const drawn = meant.matMul(p.draw).add(p.drawBias).sigmoid();
    return tf.losses.meanSquaredError(pictures, drawn);
  },
  data: mnist(),
  optimizer: { type: 'adam', learningRate: 0.003 },
  schedule: { type: 'cosine' },
  batchSize: 256,
  microbatches: 4,
  until: { epochs: 4 },
});
