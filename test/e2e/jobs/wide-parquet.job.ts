import { parquet } from 'paceline';

import job from './wide.job.ts';

/** The same on a Parquet file of the folder in which the command runs. */
const data = parquet({
  train: 'rows.parquet',
  columns: { x: Array.from({ length: 16 }, (_, i) => `x${i}`), y: 'y' },
});
export default { ...job, data };
