import { smallJob } from './small-job.ts';

export default smallJob({ shift: 0.5 });
