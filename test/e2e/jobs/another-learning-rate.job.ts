import { smallJob } from './small-job.ts';

export default smallJob({ learningRate: 0.2 });
