import { csv } from 'paceline';

import { smallJob } from './small-job.ts';

/** The examples of the small job, in files of the folder in which the command runs. */
const data = csv({
  train: 'train.csv',
  test: 'test.csv',
  header: false,
  columns: { x: [{ from: 2, to: 7 }], y: [1] },
  categories: { 1: 'found' },
});
export default { ...smallJob(), data };
