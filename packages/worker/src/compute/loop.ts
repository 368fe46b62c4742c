import type { AttachedArena } from '@paceline/math';
import { attachArena, planBuckets, planSlots } from '@paceline/math';
import { exitCodes, JobError, tensorHeadroomBytes } from '@paceline/protocol';
import { TrainingError } from '@paceline/training';
import { WorkerError } from '../errors.ts';
import type { WorkerOptions } from '../options.ts';
import { createLeafWriter } from './leaf-writer.ts';
import type { ComputeOrder, ComputeReply, LeafOrder, SharedAreas } from './orders.ts';
import type { Prepared } from './prepare.ts';
import { prepare } from './prepare.ts';

/** The compute loop: does orders one after the other on this thread, each blocking it for one leaf. */
export interface ComputeLoop {
  receive(order: ComputeOrder): void;
  /** Gives tensors back. */
  dispose(): void;
}

interface Attached {
  readonly arena: AttachedArena;
  readonly parameters: readonly [Float32Array, Float32Array];
  readonly writerAt: ReturnType<typeof createLeafWriter>;
}

/** Starts the loop; `reply` takes the answers. */
export function createComputeLoop(o: {
  readonly options: Pick<WorkerOptions, 'backend' | 'loadJob'>;
  readonly reply: (reply: ComputeReply) => void;
  readonly onNotice: (line: string) => void;
}): ComputeLoop {
  let prepared: Prepared | undefined;
  let attached: Attached | undefined;
  let boundVersion: number | undefined;

  const build = async (order: Extract<ComputeOrder, { kind: 'prepare' }>): Promise<void> => {
    prepared = await prepare(order.welcome, o.options, o.onNotice);
    o.reply({ kind: 'prepared', layout: prepared.facts, notices: prepared.job.notices });
  };
  const ready = (): Prepared & Attached => {
    if (prepared === undefined || attached === undefined) {
      throw new Error('asked to compute before model and memory are ready');
    }
    return { ...prepared, ...attached };
  };
  const bind = (version: number): Prepared & Attached => {
    const all = ready();
    if (boundVersion !== version) {
      all.job.setParameters(all.parameters[(version % 2) as 0 | 1]);
      boundVersion = version;
    }
    return all;
  };
  const gradient = (order: LeafOrder & { readonly pointer: number }): void => {
    const { job, indicesOf, writerAt } = bind(order.version);
    const { version, task, leaf, pointer } = order;
    const indices = indicesOf(version, leaf);
    job.gradient({ step: version, microbatch: leaf, indices }, writerAt(pointer));
    o.reply({ kind: 'gradient', task, leaf, version, pointer });
  };
  const evaluate = ({ version, task, leaf }: LeafOrder): void => {
    const { job, settings } = bind(version);
    const examples = job.splits.test?.examples ?? 0;
    const first = leaf * settings.evaluation.batchSize;
    const length = Math.min(settings.evaluation.batchSize, examples - first);
    const indices = Uint32Array.from({ length }, (_, i) => first + i);
    o.reply({ kind: 'evaluated', task, leaf, version, scalars: job.evaluate(indices) });
  };
  const perform = (order: ComputeOrder): void | Promise<void> => {
    switch (order.kind) {
      case 'prepare':
        return build(order);
      case 'attach':
        attached = prepared === undefined ? undefined : attach(order.areas, prepared);
        return;
      case 'initial': {
        const { job, parameters } = ready();
        parameters[0].set(job.initialParameters());
        return o.reply({ kind: 'initial' });
      }
      case 'gradient':
        return gradient(order);
      case 'evaluate':
        return evaluate(order);
    }
  };
  const fail = (error: unknown): void => {
    o.reply({ kind: 'failed', code: exitCodeOf(error), message: wordsOf(error) });
  };
  return {
    receive(order) {
      try {
        const pending = perform(order);
        if (pending !== undefined) pending.catch(fail);
      } catch (error) {
        fail(error);
      }
    },
    dispose() {
      prepared?.job.dispose();
    },
  };
}

function attach(areas: SharedAreas, { job, settings }: Prepared): Attached {
  const arena = attachArena(areas.memory);
  const buckets = planBuckets(job.layout, settings.bucketBytes);
  const slots = planSlots(buckets, tensorHeadroomBytes);
  return {
    arena,
    parameters: [new Float32Array(areas.parameters[0]), new Float32Array(areas.parameters[1])],
    writerAt: createLeafWriter(arena, buckets, slots),
  };
}

/** What the job or its model cannot do is the user's to mend (2); everything else is a failure (3). */
function exitCodeOf(error: unknown): number {
  const isUsage =
    error instanceof JobError || error instanceof TrainingError || error instanceof WorkerError;
  return isUsage ? exitCodes.usage : exitCodes.failed;
}

function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return exitCodeOf(error) === exitCodes.usage ? error.message : (error.stack ?? error.message);
}
