import { planBuckets } from '@paceline/math';
import type { ControlMessage, JobSettings, MessageOf, ServerMessage } from '@paceline/protocol';
import { decodeMessage, encodeMessage, encodeTensorMessage } from '@paceline/protocol';
import type { Connection, Transport } from '@paceline/transport';
import {
  toyCount,
  toyInitial,
  toyLayout,
  toyLayoutMessage,
  toyLeaf,
  toySum,
  toyTree,
} from './toy-run.ts';

/** A worker of the toy run, written against the protocol alone. */
export interface ToyWorker {
  readonly name: string;
  readonly connection: Connection;
  /** Resolves when the connection is closed. */
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
  /** Messages that came, by kind. */
  readonly received: ServerMessage[];
  send(message: ControlMessage): void;
  /** The life of the server that welcomed it. */
  term: number;
  /** Called before a node is sent; `false` keeps it. */
  beforeNode: (step: number, bucket: number) => boolean;
}

interface Work {
  readonly step: number;
  readonly first: number;
  readonly end: number;
}

/** Connects a toy worker and lets it work until the connection ends. */
export async function startToyWorker(
  transport: Transport,
  url: string,
  o: {
    readonly name: string;
    readonly layout?: Partial<Omit<MessageOf<'layout'>, 'kind'>>;
    readonly leafOf?: typeof toyLeaf;
  },
): Promise<ToyWorker> {
  const connection = await transport.connect(url, { timeoutMs: 5000, maxFrameBytes: 2 ** 20 });
  const closed = Promise.withResolvers<{ readonly code: number; readonly reason: string }>();
  const worker: ToyWorker = {
    name: o.name,
    connection,
    closed: closed.promise,
    received: [],
    term: 0,
    beforeNode: () => true,
    send: (message) => {
      connection.send(encodeMessage(message));
    },
  };
  const beat = setInterval(() => {
    if (brain.settings === undefined) return;
    worker.send({ kind: 'heartbeat', phase: 'idle', step: 0, busyMs: null, leafMicros: null });
  }, 250);
  connection.onClose((closing) => {
    clearInterval(beat);
    closed.resolve(closing);
  });
  const brain = createBrain(worker, o.leafOf ?? toyLeaf);
  connection.onMessage((frame) => {
    const message = decodeMessage(frame, 'server');
    worker.received.push(message);
    if (message.kind === 'welcome') {
      brain.settings = message.settings;
      worker.term = message.term;
      const layout = { ...toyLayoutMessage(message.declared), ...o.layout };
      worker.send({ kind: 'layout', ...layout });
    } else brain.receive(message);
  });
  worker.send({ kind: 'hello', protocol: 1, name: o.name, pid: 1, host: 'here' });
  return worker;
}

function createBrain(
  worker: ToyWorker,
  leafOf: typeof toyLeaf,
): { settings: JobSettings | undefined; receive(message: ServerMessage): void } {
  const areas = [toyInitial().fill(0), toyInitial().fill(0)] as const;
  const versions = new Map<number, number>();
  const pending: Work[] = [];
  let lease:
    { readonly fromStep: number; readonly first: number; readonly end: number } | undefined;
  let pausedAt = Infinity;
  let begun = -1;
  const brain = {
    settings: undefined as JobSettings | undefined,
    receive(message: ServerMessage): void {
      const { settings } = brain;
      if (settings === undefined) return;
      const buckets = planBuckets(toyLayout, settings.bucketBytes);
      if (message.kind === 'upload') return upload(worker, buckets);
      if (message.kind === 'lease') {
        lease = message;
        pausedAt = Infinity;
      } else if (message.kind === 'pause') pausedAt = message.step;
      else if (message.kind === 'assign') pending.push(message);
      else if (message.kind === 'snapshot' || message.kind === 'parameters') {
        const bucket = buckets[message.bucket];
        if (bucket === undefined) throw new Error('no such bucket');
        const targets = bucket.section === 'frozen' ? [0, 1] : [message.version % 2];
        for (const area of targets) {
          const bytes = new Uint8Array(areas[area as 0 | 1].buffer);
          bytes.set(message.payload, bucket.offset * 4);
        }
        if (bucket.section !== 'frozen') versions.set(bucket.index, message.version);
      }
      const expected = buckets.filter(
        ({ section }) => section === 'trainable' || section === 'state',
      );
      if (versions.size < expected.length) return;
      const version = Math.min(...versions.values());
      if (
        lease !== undefined &&
        version >= lease.fromStep &&
        version < pausedAt &&
        begun < version
      ) {
        begun = version;
        pending.push({ step: version, first: lease.first, end: lease.end });
      }
      for (const work of pending.splice(0)) {
        if (work.step === version)
          compute(worker, settings, { work, area: areas[(version % 2) as 0 | 1], leafOf });
        else if (work.step > version) pending.push(work);
      }
    },
  };
  return brain;
}

function compute(
  worker: ToyWorker,
  settings: JobSettings,
  o: { readonly work: Work; readonly area: Float32Array; readonly leafOf: typeof toyLeaf },
): void {
  const { step, first, end } = o.work;
  const tree = toyTree(settings, step);
  const leaf = (microbatch: number): Float32Array | undefined => {
    const count = toyCount(settings, step, microbatch);
    return count === 0 ? undefined : o.leafOf(o.area, { step, microbatch, count });
  };
  for (const bucket of planBuckets(toyLayout, settings.bucketBytes)) {
    if (bucket.section === 'frozen' || !worker.beforeNode(step, bucket.index)) continue;
    for (const node of tree.cover(first, end)) {
      const sum = toySum(leaf, node, settings.microbatches);
      if (sum === undefined) throw new Error('an empty node in a cover');
      const part = sum.slice(bucket.offset, bucket.offset + bucket.length);
      const header = {
        term: worker.term,
        step,
        ...node,
        bucket: bucket.index,
        dtype: 'f32',
        length: bucket.length,
      } as const;
      worker.connection.send(
        encodeTensorMessage({ kind: 'node', ...header }, new Uint8Array(part.buffer)),
      );
    }
  }
}

function upload(worker: ToyWorker, buckets: ReturnType<typeof planBuckets>): void {
  const bytes = new Uint8Array(toyInitial().buffer);
  for (const { index, offset, length, section } of buckets) {
    if (section === 'scalars') continue;
    const header = { kind: 'initial', bucket: index, dtype: 'f32', length } as const;
    worker.connection.send(
      encodeTensorMessage(header, bytes.subarray(offset * 4, (offset + length) * 4)),
    );
  }
}
