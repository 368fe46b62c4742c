import { csv } from 'paceline';

import { smallJob } from './small-job.ts';

/**
 * Rows of a server on this machine (`--set data.train=URL`), some of which a condition leaves out, others a function; the rest
 * with a little noise.
 */
const data = csv({
  train: 'http://localhost/train.csv',
  split: { test: 0.25 },
  header: false,
  columns: { x: [{ from: 2, to: 7 }], y: [1] },
  categories: { 1: 'found' },
  where: { 2: { max: 0.75 } },
  filter: ({ index }) => index % 5 !== 0,
  augment({ x }, random) {
    x.values.forEach((value, i) => {
      x.values[i] = value + (random.uniform() - 0.5) / 8;
    });
    return undefined;
  },
});
export default { ...smallJob(), data };
