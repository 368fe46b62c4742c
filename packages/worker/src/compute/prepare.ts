import { createHash } from 'node:crypto';
import { exampleIndices, planBatches } from '@paceline/math';
import { noticeLimits } from '@paceline/protocol';
import type { Job, JobSettings, MessageOf } from '@paceline/protocol';
import type { Backend, PreparedJob } from '@paceline/training';
import { openBackend, prepareJob } from '@paceline/training';
import type { WorkerOptions } from '../options.ts';
import { WorkerError } from '../errors.ts';
import type { LayoutFacts } from './orders.ts';

/** A worker's model and data, and what it tells the server of them. */
export interface Prepared {
  readonly job: PreparedJob;
  readonly settings: JobSettings;
  readonly facts: LayoutFacts;
  /** The examples of a microbatch of a step. */
  readonly indicesOf: (step: number, microbatch: number) => Uint32Array;
}

/** Builds model and data from the run's settings, on the run's backend, and computes the probe. */
export async function prepare(
  welcome: MessageOf<'welcome'>,
  options: Pick<WorkerOptions, 'backend' | 'loadJob'>,
  onNotice: (line: string) => void,
): Promise<Prepared> {
  const own = await options.loadJob(welcome);
  const backend = await openBackend(chooseBackend(welcome, options.backend), {
    threads: welcome.threads,
    onNotice,
  });
  const job = await prepareJob(backend, { settings: welcome.settings, functions: own.functions });
  const indicesOf = createIndices(job, welcome.settings);
  const initial = job.initialParameters();
  job.setParameters(initial);
  const facts = describe(job, { backend, own, initialDigest: digestOf(initial, job) });
  return {
    job,
    settings: welcome.settings,
    indicesOf,
    facts: { ...facts, probe: await probe(job, indicesOf) },
  };
}

function chooseBackend(
  welcome: MessageOf<'welcome'>,
  wanted: WorkerOptions['backend'],
): WorkerOptions['backend'] {
  if (welcome.backend === 'auto') return wanted;
  if (wanted !== 'auto' && wanted !== welcome.backend) {
    throw new WorkerError(
      'other-backend',
      `the run uses the ${welcome.backend} backend, this worker was started with --backend ${wanted}; leave the flag away or give the run's`,
    );
  }
  return welcome.backend;
}

function createIndices(
  job: PreparedJob,
  settings: JobSettings,
): (step: number, microbatch: number) => Uint32Array {
  const { examples } = job.splits.train;
  const plan = { ...planBatches(settings, examples), order: job.order };
  return (step, microbatch) => exampleIndices(plan, step, microbatch);
}

function describe(
  job: PreparedJob,
  o: { readonly backend: Backend; readonly own: Job; readonly initialDigest: string },
): Omit<LayoutFacts, 'probe'> {
  return {
    tensors: job.layout.tensors.map(({ name, shape, section }) => ({ name, shape, section })),
    topology: job.topology,
    splits: job.splits,
    scalars: job.scalars,
    initialDigest: o.initialDigest,
    settings: o.own.declared,
    backend: o.backend.name,
    fingerprint: o.backend.fingerprint,
    level: o.backend.level,
    ...(job.notices.length === 0 ? {} : { notices: fitting(job.notices) }),
  };
}

/** As many and as long as a server takes. */
function fitting(notices: readonly string[]): readonly string[] {
  const { most, characters } = noticeLimits;
  return notices.slice(0, most).map((text) => text.replace(/\p{Cc}+/gu, ' ').slice(0, characters));
}

/** Over the parameters as they travel: everything but the scalars. */
function digestOf(initial: Float32Array, job: PreparedJob): string {
  const { length } = job.layout.sections.scalars;
  const bytes = new Uint8Array(initial.buffer, initial.byteOffset + length * 4);
  return createHash('sha256')
    .update(bytes.subarray(0, (initial.length - length) * 4))
    .digest('hex');
}

/** SHA-256 of the first leaf of step 0 at the initial weights: it catches what no comparison of settings can. */
async function probe(
  job: PreparedJob,
  indicesOf: (step: number, microbatch: number) => Uint32Array,
): Promise<string> {
  let microbatch = 0;
  while (indicesOf(0, microbatch).length === 0) microbatch += 1;
  const { scalars, trainable, state } = job.layout.sections;
  const leaf = new Float32Array(scalars.length + trainable.length + state.length);
  const task = { step: 0, microbatch, indices: indicesOf(0, microbatch) };
  await job.load(task);
  job.gradient(task, (offset, read) => {
    leaf.set(read(), offset);
  });
  return createHash('sha256').update(new Uint8Array(leaf.buffer)).digest('hex');
}
