import { arrays } from 'paceline';
import type { ArraysData } from 'paceline';

import { smallJob } from './small-job.ts';

const { data, ...rest } = smallJob();
const { train } = data as ArraysData;

/** The small job without its test data. */
export default { ...rest, data: arrays({ train }) };
