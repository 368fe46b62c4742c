import { dataset, defineJob, loadModel } from 'paceline';

import { fiveDigits } from './digits.ts';

/** Where the run of trunk.ts has left its model. */
const trunk = 'runs/trunk/model';

/**
 * The digits 5 to 9, from 500 of them: too few to learn what strokes are. The saved model knows strokes, from other digits: its
 * layers stay as they are, and a new head learns what they mean. Only the head has gradients; the rest travels once.
 */
export default defineJob({
  name: 'digits-5-to-9',
  async model(tf) {
    const saved = await loadModel(tf, trunk);
    const strokes = saved.layers.slice(0, -1);
    for (const layer of strokes) layer.trainable = false;
    const head = tf.layers.dense({ units: 5, activation: 'softmax', name: 'head' });
    return tf.sequential({ layers: [...strokes, head] });
  },
  loss: 'sparseCategoricalCrossentropy',
  metrics: ['accuracy'],
  data: dataset({ train: fiveDigits('train', 5, 500), test: fiveDigits('t10k', 5) }),
  optimizer: { type: 'sgd', learningRate: 0.02, momentum: 0.9 },
  batchSize: 50,
  microbatches: 2,
  until: { epochs: 20 },
  evaluation: { everyEpochs: 5 },
});
