import {
  createExampleOrder,
  exampleIndices,
  planBatches,
  planBuckets,
  planSlots,
} from '@paceline/math';
import type { JobSettings } from '@paceline/protocol';
import { tensorHeadroomBytes } from '@paceline/protocol';
import { createLeafWriter } from '../../../packages/worker/src/compute/leaf-writer.ts';
import type {
  ComputeOrder,
  ComputeReply,
  LeafArea,
  LeafOrder,
  SharedAreas,
} from '../../../packages/worker/src/compute/orders.ts';
import {
  toyExamples,
  toyInitial,
  toyLayout,
  toyLayoutMessage,
  toyLeaf,
  toyScalars,
} from '../toy/model.ts';
import { blockOf } from '../toy/oracle.ts';
import type { SimulatedProcess } from '../world/process.ts';

/** How long things take on an idle machine, in milliseconds. */
export interface ComputeTimes {
  readonly prepareMs: number;
  readonly leafMs: number;
}

/** After this share of its time a part of a leaf is there. */
const earlyShare = 0.6;

/** What the compute side of a worker tells the outside. */
export interface ComputeEvents {
  /** A leaf is begun. */
  readonly onLeaf: (version: number) => void;
  /** Something that must never happen. */
  readonly onViolation: (what: string) => void;
}

/** The compute side of a simulated worker: does orders one after the other, in virtual time, without tensors. */
export interface ToyCompute {
  receive(order: ComputeOrder): void;
  /** Orders that are not answered yet. */
  readonly inHand: number;
  /** The next leaf fails. */
  breakDown(): void;
  /** The next gradient is not finite, as of a machine with a broken memory. */
  talkNonsense(): void;
}

/** Starts it; `reply` takes the answers. */
export function createToyCompute(o: {
  readonly process: SimulatedProcess;
  readonly times: ComputeTimes;
  readonly events: ComputeEvents;
  readonly reply: (reply: ComputeReply) => void;
}): ToyCompute {
  return new Compute(o.process, o.times, { events: o.events, reply: o.reply });
}

interface Ports {
  readonly events: ComputeEvents;
  readonly reply: (reply: ComputeReply) => void;
}

/** Orders that take time. */
type TimedOrder = Exclude<ComputeOrder, { readonly kind: 'attach' }>;

/** An order, and the parameters as they were when it was given: nobody may touch them until it is answered. */
interface Job {
  readonly order: TimedOrder;
  readonly seen: Float32Array | undefined;
}

class Compute implements ToyCompute {
  private readonly process: SimulatedProcess;
  private readonly times: ComputeTimes;
  private readonly ports: Ports;
  private readonly queue: Job[] = [];
  private settings: JobSettings | undefined;
  private areas: SharedAreas | undefined;
  private isBroken = false;
  private isToTalkNonsense = false;
  private writeRest = (): void => undefined;

  constructor(process: SimulatedProcess, times: ComputeTimes, ports: Ports) {
    this.process = process;
    this.times = times;
    this.ports = ports;
  }

  get inHand(): number {
    return this.queue.length;
  }

  breakDown(): void {
    this.isBroken = true;
  }

  talkNonsense(): void {
    this.isToTalkNonsense = true;
  }

  receive(order: ComputeOrder): void {
    if (order.kind === 'attach') {
      this.areas = order.areas;
      return;
    }
    const seen = isLeaf(order) ? this.parametersOf(order) : undefined;
    this.queue.push({ order, seen });
    if (this.queue.length === 1) this.begin();
  }

  private begin(): void {
    const job = this.queue[0];
    if (job === undefined) return;
    const { order } = job;
    if (isLeaf(order)) this.ports.events.onLeaf(order.version);
    const leafMs = this.times.leafMs * this.process.slowness;
    if (order.kind !== 'gradient') {
      const prepareMs = this.times.prepareMs * this.process.slowness;
      this.process.clock.setTimer(isLeaf(order) ? leafMs : prepareMs, () => this.finish());
      return;
    }
    this.process.clock.setTimer(leafMs * earlyShare, () => {
      this.checkUntouched(order, job.seen);
      if (!this.isBroken) this.writeEarly(order);
      this.process.clock.setTimer(leafMs * (1 - earlyShare), () => this.finish());
    });
  }

  private finish(): void {
    const job = this.queue.shift();
    if (job === undefined) return;
    this.ports.reply(this.isBroken ? broken : this.perform(job));
    this.begin();
  }

  private perform({ order, seen }: Job): ComputeReply {
    switch (order.kind) {
      case 'prepare': {
        this.settings = order.welcome.settings;
        const layout = toyLayoutMessage(order.welcome.declared);
        return { kind: 'prepared', layout, notices: [] };
      }
      case 'initial':
        return this.writeInitial();
      case 'gradient':
      case 'evaluate':
        this.checkUntouched(order, seen);
        return order.kind === 'gradient' ? this.gradient(order) : this.evaluate(order);
    }
  }

  private writeInitial(): ComputeReply {
    const [, areas] = this.ready();
    areas.parameters[0].set(toyInitial());
    return { kind: 'initial' };
  }

  /** Scalars and the last gradients are there first; how many of them differs from leaf to leaf. */
  private writeEarly(leafTask: Extract<LeafTask, LeafArea>): void {
    const { task, leaf, version, pointer } = leafTask;
    const [settings, areas] = this.ready();
    const order = createExampleOrder({ seed: settings.seed, examples: toyExamples });
    const plan = { ...planBatches(settings, toyExamples), order };
    const examples = [...exampleIndices(plan, version, leaf)];
    const buckets = planBuckets(toyLayout, settings.bucketBytes);
    const memory = {
      bytes: (at: number, length: number) => new Uint8Array(areas.memory.buffer, at, length),
    };
    const slots = planSlots(buckets, tensorHeadroomBytes);
    const writerAt = createLeafWriter(memory, buckets, slots, 0);
    const write = writerAt(pointer, (complete) => {
      this.ports.reply({ kind: 'buckets', task, leaf, version, pointer, buckets: complete });
    });
    const values = toyLeaf(this.parametersOf(leafTask), { step: version, examples });
    if (this.isToTalkNonsense) values[values.length - 1] = NaN;
    this.isToTalkNonsense = false;
    const { length: scalars } = toyLayout.sections.scalars;
    const split = scalars + ((version * 7 + leaf * 3) % (values.length - scalars));
    write(0, values.subarray(0, scalars));
    write(split, values.subarray(split));
    this.writeRest = () => {
      write(scalars, values.subarray(scalars, split));
    };
  }

  private gradient({ task, leaf, version, pointer }: LeafArea): ComputeReply {
    this.writeRest();
    const micros = Math.round(this.times.leafMs * this.process.slowness * 1000);
    return { kind: 'gradient', task, leaf, version, pointer, micros };
  }

  private evaluate(order: LeafTask): ComputeReply {
    const [settings] = this.ready();
    const { task, leaf, version } = order;
    const examples = blockOf(settings, leaf);
    const scalars = toyScalars(this.parametersOf(order), { version, examples });
    return { kind: 'evaluated', task, leaf, version, scalars };
  }

  private checkUntouched(order: LeafTask, seen: Float32Array | undefined): void {
    const { version } = order;
    const now = this.parametersOf(order);
    if (seen?.every((value, i) => Object.is(value, now[i])) === true) return;
    const { name } = this.process;
    this.ports.events.onViolation(`${name}: version ${String(version)} changed while it was read`);
  }

  /** A copy of what a leaf is computed on: an evaluation looks at averages where there are any. */
  private parametersOf({ kind, version }: LeafTask): Float32Array {
    const [, { parameters, average }] = this.ready();
    const flat = parameters[(version % 2) as 0 | 1].slice();
    if (kind === 'gradient' || average === undefined) return flat;
    const { offset, length } = toyLayout.sections.trainable;
    flat.set(average.subarray(offset, offset + length), offset);
    return flat;
  }

  private ready(): readonly [JobSettings, SharedAreas] {
    if (this.settings === undefined || this.areas === undefined) {
      throw new Error('asked to compute before the job and the memory are there');
    }
    return [this.settings, this.areas];
  }
}

const broken: ComputeReply = { kind: 'failed', code: 3, message: 'the simulated backend broke' };

type LeafTask = Extract<TimedOrder, LeafOrder>;

function isLeaf(order: TimedOrder): order is LeafTask {
  return order.kind === 'gradient' || order.kind === 'evaluate';
}
