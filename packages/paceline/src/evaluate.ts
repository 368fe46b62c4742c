import { summarise } from '@paceline/protocol';
import type { Job } from '@paceline/protocol';
import type { Backend, PreparedJob } from '@paceline/training';

import { PacelineError } from './errors.ts';
import { loadJob } from './load-job.ts';
import { sumInTree } from './sum-in-tree.ts';
import { findStep } from './weights/find-step.ts';

/** What `evaluate` evaluates. */
export interface EvaluateOptions {
  /** A job file or the name of a built-in job. */
  readonly job: string;
  /** A run's folder, a saved model or a checkpoint. */
  readonly directory: string;
  /** The job's own choice by default. */
  readonly backend?: 'auto' | 'tensorflow' | 'wasm' | 'cpu';
  readonly set?: readonly string[];
  /** Hears what the user should know, for example why `auto` fell back to wasm. */
  readonly onNotice?: (line: string) => void;
}

/** Metrics of saved weights on the job's test data. */
export interface Evaluation {
  readonly loss: number;
  readonly metrics: Readonly<Record<string, number>>;
  readonly examples: number;
  /** After how many steps the weights were saved, where the folder says so. */
  readonly step?: number;
  readonly backend: string;
  /** The file that the weights came from. */
  readonly weights: string;
}

/**
 * Evaluates saved weights on the test split, in the blocks and the order of additions of a run: on the same backend
 * the numbers equal the run's last evaluation to the bit. Blocks the thread while it computes.
 *
 * @throws PacelineError, JobError; the training package's errors when the backend or the data are not there
 */
export async function evaluate(options: EvaluateOptions): Promise<Evaluation> {
  const { job } = await loadJob(options.job, { set: options.set ?? [] });
  // Like TensorFlow, what reads weights is loaded when it is needed: job files import the package that this is a part of.
  const { readSavedWeights, toFlatVector } = await import('./weights/read-weights.ts');
  const { file, tensors } = await readSavedWeights(options.directory);
  const { openBackend, prepareJob } = await import('@paceline/training');
  const backend: Backend = await openBackend(options.backend ?? job.settings.backend, {
    threads: job.settings.threads,
    ...(options.onNotice === undefined ? {} : { onNotice: options.onNotice }),
  });
  const prepared = await prepareJob(backend, job);
  try {
    prepared.setParameters(toFlatVector(prepared.layout, tensors, file));
    const { examples, scalars } = await evaluateTestSplit(prepared, job);
    const step = await findStep(file);
    return {
      ...summarise(prepared.scalars, scalars),
      examples,
      ...(step === undefined ? {} : { step }),
      backend: backend.name,
      weights: file,
    };
  } finally {
    prepared.dispose();
  }
}

async function evaluateTestSplit(
  prepared: PreparedJob,
  job: Job,
): Promise<{ readonly examples: number; readonly scalars: Float32Array }> {
  const examples = prepared.splits.test?.examples;
  if (examples === undefined) {
    throw new PacelineError('no-test-split', `The job ${job.settings.name} has no test data.`);
  }
  const size = job.settings.evaluation.batchSize;
  const blocks: Float32Array[] = [];
  for (let first = 0; first < examples; first += size) {
    const length = Math.min(size, examples - first);
    const indices = Uint32Array.from({ length }, (_, i) => first + i);
    await prepared.loadTest(indices);
    blocks.push(prepared.evaluate(indices).slice());
  }
  return { examples, scalars: sumInTree(blocks) };
}
