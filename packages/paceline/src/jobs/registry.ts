import type { JobDefinition } from '../define-job.ts';
import { linearRegression } from './linear-regression.ts';
import { mnistCnn } from './mnist-cnn.ts';
import { mnistMlp } from './mnist-mlp.ts';

/** The jobs that come with paceline, by the name that stands for JOB on the command line. */
export const builtinJobs: Readonly<Record<string, JobDefinition>> = {
  'linear-regression': linearRegression,
  'mnist-mlp': mnistMlp,
  'mnist-cnn': mnistCnn,
};
