import type { AttachedArena } from '@paceline/math';
import type { Timeline } from '@paceline/telemetry';
import { attachArena, planBuckets, planSlots } from '@paceline/math';
import { exitCodes, JobError, tensorHeadroomBytes } from '@paceline/protocol';
import { BackendError, TrainingError, UnsupportedGradientError } from '@paceline/training';
import type { GradientTask } from '@paceline/training';
import { WorkerError } from '../errors.ts';
import type { WorkerOptions } from '../options.ts';
import type { LeafPlace } from './foresight.ts';
import { createForesight } from './foresight.ts';
import { createLeafWriter } from './leaf-writer.ts';
import type { ComputeOrder, ComputeReply, LeafArea, LeafOrder, SharedAreas } from './orders.ts';
import type { Prepared } from './prepare.ts';
import { prepare } from './prepare.ts';

/** The compute loop: does orders one after the other on this thread, each blocking it for one leaf. */
export interface ComputeLoop {
  receive(order: ComputeOrder): void;
  /** Gives tensors back. */
  dispose(): void;
}

/** Longer than sending a small model's gradients takes. */
const readAheadDelayMs = 1;

interface Attached {
  readonly arena: AttachedArena;
  readonly parameters: readonly [Float32Array, Float32Array];
  readonly average: Float32Array | undefined;
  readonly writerAt: ReturnType<typeof createLeafWriter>;
}

/** What the loop needs of its surroundings; `reply` takes the answers. */
export interface LoopPorts {
  readonly options: Pick<WorkerOptions, 'backend' | 'loadJob'>;
  readonly reply: (reply: ComputeReply) => void;
  readonly onNotice: (line: string) => void;
  /** Milliseconds, with fractions. */
  readonly now: () => number;
  readonly timeline: Timeline;
}

/** Starts the loop. */
export function createComputeLoop(ports: LoopPorts): ComputeLoop {
  return new Loop(ports);
}

class Loop implements ComputeLoop {
  private readonly ports: LoopPorts;
  private prepared: Prepared | undefined;
  private attached: Attached | undefined;
  /** What is in the model. */
  private bound: { readonly version: number; readonly isAverage: boolean } | undefined;
  private readonly foresight = createForesight();
  /** Received so far. */
  private orders = 0;
  private readonly waiting: ComputeOrder[] = [];
  /** An order waits for model or data; those behind it wait for it. */
  private isBusy = false;
  private expected: GradientTask | undefined;
  private block: { readonly leaf: number; readonly indices: Uint32Array } | undefined;

  constructor(ports: LoopPorts) {
    this.ports = ports;
  }

  receive(order: ComputeOrder): void {
    this.orders += 1;
    this.waiting.push(order);
    if (!this.isBusy) this.work();
  }

  /** Does what waits, one after the other; goes on by itself when it had to wait for data. */
  private work(): void {
    let order = this.waiting.shift();
    while (order !== undefined) {
      const done = this.start(order);
      if (done !== undefined) {
        this.isBusy = true;
        void done.catch(this.fail).then(() => {
          this.isBusy = false;
          this.work();
        });
        return;
      }
      order = this.waiting.shift();
    }
  }

  private start(order: ComputeOrder): Promise<void> | undefined {
    try {
      return this.perform(order);
    } catch (error) {
      this.fail(error);
      return undefined;
    }
  }

  dispose(): void {
    this.prepared?.job.dispose();
    this.prepared = undefined;
  }

  private perform(order: ComputeOrder): Promise<void> | undefined {
    switch (order.kind) {
      case 'prepare':
        return this.prepare(order);
      case 'attach':
        this.attached = this.prepared && attach(order.areas, this.prepared);
        return undefined;
      case 'initial':
        this.writeInitial();
        return undefined;
      case 'gradient':
        return this.gradient(order);
      case 'evaluate':
        return this.evaluate(order);
    }
  }

  private async prepare(order: Extract<ComputeOrder, { kind: 'prepare' }>): Promise<void> {
    this.prepared = await prepare(order.welcome, this.ports.options, this.ports.onNotice);
    const { facts, job } = this.prepared;
    this.ports.reply({ kind: 'prepared', layout: facts, notices: job.notices });
  }

  private writeInitial(): void {
    const { job, parameters } = this.ready();
    parameters[0].set(job.initialParameters());
    this.ports.reply({ kind: 'initial' });
  }

  /** Data that are at hand are computed on at once: a turn of the event loop costs a small model's step a tenth. */
  private gradient(order: LeafArea): Promise<void> | undefined {
    const sinceMs = this.ports.now();
    const gradientTask = this.taskOf(order);
    const expected = this.foresight.next(order);
    const loading = this.ready().job.load(gradientTask);
    if (loading === undefined) {
      this.compute(order, gradientTask, sinceMs);
      this.lookAhead(expected);
      return undefined;
    }
    return loading.then(() => {
      // What comes later is asked for as early as can be: it is on its way while this thread computes.
      const next = this.queued('gradient') ?? expected;
      if (next !== undefined) this.readAhead(next);
      this.compute(order, gradientTask, sinceMs);
    });
  }

  /** The order that waits behind the present one, if it is of that kind: no need to guess. */
  private queued<K extends 'gradient' | 'evaluate'>(
    kind: K,
  ): Extract<ComputeOrder, { readonly kind: K }> | undefined {
    const [order] = this.waiting;
    return order?.kind === kind ? (order as Extract<ComputeOrder, { kind: K }>) : undefined;
  }

  private compute(order: LeafArea, gradientTask: GradientTask, sinceMs: number): void {
    const { version, task, leaf, pointer } = order;
    const { job, writerAt } = this.bind(version);
    const { timeline, reply } = this.ports;
    const place = { task, leaf, version, pointer };
    const write = writerAt(pointer, (buckets) => {
      reply({ kind: 'buckets', ...place, buckets });
    });
    let since = timeline.now();
    let pass = 'forward';
    job.gradient(gradientTask, (offset, read) => {
      timeline.span(pass, since);
      since = timeline.now();
      write(offset, read());
      timeline.span('read back', since);
      since = timeline.now();
      pass = 'backward';
    });
    const micros = Math.round((this.ports.now() - sinceMs) * 1000);
    reply({ kind: 'gradient', ...place, micros });
  }

  private taskOf({ version, leaf }: LeafPlace): GradientTask {
    const { expected } = this;
    if (expected?.step === version && expected.microbatch === leaf) return expected;
    return {
      step: version,
      microbatch: leaf,
      indices: this.ready().indicesOf(version, leaf),
    };
  }

  /** Reads the next leaf's examples while the server is at work, unless there is an order already. */
  private lookAhead(next: LeafPlace | undefined): void {
    const { orders } = this;
    if (next === undefined) return;
    // Not at once: the communication thread has the leaf to send, perhaps on this very core.
    setTimeout(() => {
      if (orders === this.orders && this.prepared !== undefined) this.readAhead(next);
    }, readAheadDelayMs);
  }

  private readAhead(next: LeafPlace): void {
    const since = this.ports.timeline.now();
    const task = this.taskOf(next);
    // Batches of another size may have no such leaf.
    if (task.indices.length === 0) return;
    this.expected = task;
    this.ready().job.readAhead(task);
    this.ports.timeline.span('read ahead', since);
  }

  private evaluate(order: LeafOrder): Promise<void> | undefined {
    const { version, task, leaf } = order;
    const { job } = this.ready();
    const indices = this.blockOf(leaf);
    const evaluate = (): void => {
      const scalars = this.bindForEvaluation(version).job.evaluate(indices);
      this.ports.reply({ kind: 'evaluated', task, leaf, version, scalars });
    };
    const loading = job.loadTest(indices);
    if (loading === undefined) {
      evaluate();
      return undefined;
    }
    return loading.then(() => {
      const next = this.queued('evaluate');
      if (next !== undefined) job.readAheadTest(this.blockOf(next.leaf));
      evaluate();
    });
  }

  /** The examples of a block of the test split: the same array for the block that was last asked for. */
  private blockOf(leaf: number): Uint32Array {
    const known = this.block?.leaf === leaf ? this.block.indices : undefined;
    const { job, settings } = this.ready();
    const size = settings.evaluation.batchSize;
    const length = Math.min(size, (job.splits.test?.examples ?? 0) - leaf * size);
    const indices = known ?? Uint32Array.from({ length }, (_, i) => leaf * size + i);
    this.block = { leaf, indices };
    return indices;
  }

  /** Brings the parameters of a version into the model, once a version. */
  private bind(version: number): Prepared & Attached {
    const all = this.ready();
    if (this.bound?.version !== version || this.bound.isAverage) {
      const since = this.ports.timeline.now();
      all.job.setParameters(all.parameters[(version % 2) as 0 | 1]);
      this.ports.timeline.span('write back', since);
      this.bound = { version, isAverage: false };
    }
    return all;
  }

  /** Evaluations look at the average of a version, where there is one. */
  private bindForEvaluation(version: number): Prepared & Attached {
    const { average } = this.ready();
    if (average === undefined) return this.bind(version);
    if (this.bound?.version !== version || !this.bound.isAverage) {
      this.bind(version).job.setTrainable(average);
      this.bound = { version, isAverage: true };
    }
    return this.ready();
  }

  private ready(): Prepared & Attached {
    if (this.prepared === undefined || this.attached === undefined) {
      throw new Error('asked to compute before model and memory are ready');
    }
    return { ...this.prepared, ...this.attached };
  }

  private readonly fail = (error: unknown): void => {
    this.ports.reply({ kind: 'failed', code: exitCodeOf(error), message: wordsOf(error) });
  };
}

function attach(areas: SharedAreas, { job, settings }: Prepared): Attached {
  const arena = attachArena(areas.memory);
  const buckets = planBuckets(job.layout, settings.bucketBytes);
  const slots = planSlots(buckets, tensorHeadroomBytes);
  return {
    arena,
    parameters: areas.parameters,
    average: areas.average,
    writerAt: createLeafWriter(arena, buckets, slots),
  };
}

const usersErrors = [JobError, TrainingError, BackendError, UnsupportedGradientError, WorkerError];

/** What the job or its model cannot do is the user's to mend (2); everything else is a failure (3). */
function exitCodeOf(error: unknown): number {
  return usersErrors.some((each) => error instanceof each) ? exitCodes.usage : exitCodes.failed;
}

function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return exitCodeOf(error) === exitCodes.usage ? error.message : (error.stack ?? error.message);
}
