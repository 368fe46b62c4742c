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
  private boundVersion: number | undefined;
  private readonly foresight = createForesight();
  /** Received so far. */
  private orders = 0;
  private expected: GradientTask | undefined;

  constructor(ports: LoopPorts) {
    this.ports = ports;
  }

  receive(order: ComputeOrder): void {
    this.orders += 1;
    try {
      this.perform(order)?.catch(this.fail);
    } catch (error) {
      this.fail(error);
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
        this.gradient(order);
        return undefined;
      case 'evaluate':
        this.evaluate(order);
        return undefined;
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

  private gradient(order: LeafArea): void {
    const { version, task, leaf, pointer } = order;
    const sinceMs = this.ports.now();
    const { job, writerAt } = this.bind(version);
    const gradientTask = this.taskOf({ version, leaf });
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
    this.lookAhead({ version, leaf });
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
  private lookAhead(place: LeafPlace): void {
    const next = this.foresight.next(place);
    const { orders } = this;
    if (next === undefined) return;
    // Not at once: the communication thread has the leaf to send, perhaps on this very core.
    setTimeout(() => {
      if (orders !== this.orders || this.prepared === undefined) return;
      const since = this.ports.timeline.now();
      this.expected = this.taskOf(next);
      this.prepared.job.readAhead(this.expected);
      this.ports.timeline.span('read ahead', since);
    }, readAheadDelayMs);
  }

  private evaluate({ version, task, leaf }: LeafOrder): void {
    const { job, settings } = this.bind(version);
    const examples = job.splits.test?.examples ?? 0;
    const first = leaf * settings.evaluation.batchSize;
    const length = Math.min(settings.evaluation.batchSize, examples - first);
    const indices = Uint32Array.from({ length }, (_, i) => first + i);
    const scalars = job.evaluate(indices);
    this.ports.reply({ kind: 'evaluated', task, leaf, version, scalars });
  }

  /** Brings the parameters of a version into the model, once a version. */
  private bind(version: number): Prepared & Attached {
    const all = this.ready();
    if (this.boundVersion !== version) {
      const since = this.ports.timeline.now();
      all.job.setParameters(all.parameters[(version % 2) as 0 | 1]);
      this.ports.timeline.span('write back', since);
      this.boundVersion = version;
    }
    return all;
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
