import type { AttachedArena } from '@paceline/math';
import { attachArena, createLayout, planBuckets, planSlots } from '@paceline/math';
import { tensorHeadroomBytes } from '@paceline/protocol';
import type { JobSettings } from '@paceline/protocol';

import { createLeafWriter } from '../../../packages/worker/src/compute/leaf-writer.ts';
import type {
  ComputeOrder,
  ComputeReply,
  LeafOrder,
  SharedAreas,
} from '../../../packages/worker/src/compute/orders.ts';
import { fakeLayout, fakeTensors, parametersOf } from './job.ts';

/** The compute side of a worker without a model: does orders at once, and computes nothing. */
export interface FakeCompute {
  receive(order: ComputeOrder): void;
}

/**
 * What it says a microbatch took, in microseconds: all workers the same, so that all get as much to do, and long, so that
 * nobody who waits for a busy machine is taken for a straggler.
 */
const saidMicros = 10_000_000;
/** The weight of a leaf, which is the first of its scalars. */
const leafWeight = 1;

/** Opens it; `reply` takes the answers, within `receive`. */
export function createFakeCompute(reply: (reply: ComputeReply) => void): FakeCompute {
  return new Compute(reply);
}

interface Attached {
  readonly arena: AttachedArena;
  /** From the beginning of an area to its first scalar, in bytes. */
  readonly weightOffset: number;
  readonly writerAt: ReturnType<typeof createLeafWriter>;
  readonly leaf: Float32Array;
}

class Compute implements FakeCompute {
  private readonly reply: (reply: ComputeReply) => void;
  private settings: JobSettings | undefined;
  private attached: Attached | undefined;

  constructor(reply: (reply: ComputeReply) => void) {
    this.reply = reply;
  }

  receive(order: ComputeOrder): void {
    switch (order.kind) {
      case 'prepare':
        this.settings = order.welcome.settings;
        this.reply({
          kind: 'prepared',
          layout: fakeLayout(order.welcome.declared),
          notices: [],
        });
        return;
      case 'attach':
        if (this.settings !== undefined) this.attached = attach(order.areas, this.settings);
        return;
      case 'initial':
        // Fresh memory is zero, and so are the initial parameters.
        this.reply({ kind: 'initial' });
        return;
      case 'gradient':
        this.gradient(order);
        return;
      case 'evaluate':
        throw new Error('a run without data asked for an evaluation');
    }
  }

  private gradient({
    task,
    leaf,
    version,
    pointer,
  }: LeafOrder & { readonly pointer: number }): void {
    const { attached } = this;
    if (attached === undefined) throw new Error('asked to compute before the memory is there');
    fill(attached, pointer);
    this.reply({ kind: 'gradient', task, leaf, version, pointer, micros: saidMicros });
  }
}

/** The whole leaf is there at once. */
const tellNobody = (): void => undefined;

/** Writes the pattern where it is not yet: an area that was used for a sum of several leaves has another weight. */
function fill({ arena, weightOffset, writerAt, leaf }: Attached, pointer: number): void {
  const [weight] = arena.float32(pointer + weightOffset, 1);
  if (weight !== leafWeight) writerAt(pointer, tellNobody)(0, leaf);
}

function attach(areas: SharedAreas, settings: JobSettings): Attached {
  const layout = createLayout(fakeTensors(parametersOf(settings)));
  const buckets = planBuckets(layout, settings.bucketBytes);
  const slots = planSlots(buckets, tensorHeadroomBytes);
  const arena = attachArena(areas.memory);
  return {
    arena,
    weightOffset: slots.dataOffset[0] ?? 0,
    writerAt: createLeafWriter(arena, buckets, slots),
    leaf: pattern(layout.length),
  };
}

let known: Float32Array | undefined;

/** Small numbers of both signs, no two neighbours alike. Workers of one process share it. */
function pattern(length: number): Float32Array {
  if (known?.length !== length) {
    known = Float32Array.from({ length }, (_, i) => ((i % 7) - 3) / 1024);
    known[0] = leafWeight;
  }
  return known;
}
