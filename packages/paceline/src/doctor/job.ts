import { exampleIndices } from '@paceline/math';
import type { Job } from '@paceline/protocol';
import type { Backend, PreparedJob } from '@paceline/training';

import { formatCount } from '../render/words.ts';
import type { LinkSpeed } from './connection.ts';
import { failure } from './finding.ts';
import type { Finding } from './finding.ts';

const timedMicrobatches = 8;

export interface JobExamination {
  readonly job: Job;
  readonly backend: Backend;
  readonly workers: number;
  readonly speed: LinkSpeed | undefined;
}

/**
 * Builds the model, opens the data, checks the gradient of every operation that the model uses, and times microbatches.
 * Blocks while it computes.
 */
export async function examineJob(examination: JobExamination): Promise<readonly Finding[]> {
  const { job, backend } = examination;
  try {
    const { prepareJob } = await import('@paceline/training');
    const prepared = await prepareJob(backend, job);
    try {
      return [...describe(prepared, job), await predict(prepared, examination)];
    } finally {
      prepared.dispose();
    }
  } catch (error) {
    return [failure('job', error)];
  }
}

function describe(prepared: PreparedJob, job: Job): readonly Finding[] {
  const { settings } = job;
  const { trainable, state } = prepared.layout.sections;
  const { train, test } = prepared.splits;
  const tests = test === undefined ? 'no test data' : `${formatCount(test.examples)} to test`;
  const counted = `${formatCount(trainable.length)} parameters, ${formatCount(state.length)} numbers of state`;
  return [
    { subject: 'model', status: 'ok', text: `${settings.name}: ${counted}` },
    {
      subject: 'gradients',
      status: 'ok',
      text: 'every operation that this model uses has a gradient that is known to be right',
    },
    { subject: 'data', status: 'ok', text: `${formatCount(train.examples)} examples, ${tests}` },
    ...prepared.notices.map((text): Finding => ({ subject: 'note', status: 'warn', text })),
  ];
}

async function predict(
  prepared: PreparedJob,
  { job, workers, speed }: JobExamination,
): Promise<Finding> {
  const { microbatches, batchSize } = job.settings;
  const computeMs = await timeMicrobatch(prepared, job);
  const leases = Math.ceil(microbatches / workers);
  const bytes = 4 * prepared.layout.length;
  // Gradients up and parameters down for each worker; the server's thread carries them one after the other.
  const exchangeMs =
    speed === undefined
      ? 0
      : (2 * workers * bytes * 1000) / speed.bytesPerSecond + speed.roundTripMs;
  const stepMs = leases * computeMs + exchangeMs;
  const perSecond = formatCount((batchSize * 1000) / stepMs);
  return {
    subject: 'speed',
    status: 'ok',
    text:
      `${computeMs.toFixed(1)} ms a microbatch of ${Math.ceil(batchSize / microbatches)}; ` +
      `about ${stepMs.toFixed(1)} ms a step with ${workers} workers (${leases} microbatches each, ` +
      `${exchangeMs.toFixed(1)} ms exchange): ${perSecond} examples/s`,
  };
}

/** Median, after one that warms up. */
async function timeMicrobatch(prepared: PreparedJob, job: Job): Promise<number> {
  const { batchSize, microbatches } = job.settings;
  const { examples } = prepared.splits.train;
  const plan = { examples, batchSize, microbatches, order: prepared.order };
  const times: number[] = [];
  for (let i = 0; i <= timedMicrobatches; i++) {
    const microbatch = i % microbatches;
    const indices = exampleIndices(plan, 0, microbatch);
    if (indices.length === 0) continue;
    const startMs = performance.now();
    const task = { step: 0, microbatch, indices };
    await prepared.load(task);
    prepared.gradient(task, () => undefined);
    if (i > 0) times.push(performance.now() - startMs);
  }
  return times.sort((a, b) => a - b)[times.length >> 1] ?? 0;
}
