import { smallJob } from './small-job.ts';

export default smallJob({ activation: 'tanh' });
