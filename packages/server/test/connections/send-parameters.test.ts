import { createOptimizer } from '@paceline/math';
import type { OptimizerSettings } from '@paceline/math';
import { decodeMessage } from '@paceline/protocol';
import { describe, expect, it } from 'vitest';

import { createParametersSender } from '../../src/connections/send-parameters.ts';
import type { ParametersSender } from '../../src/connections/send-parameters.ts';
import { createParameterStore } from '../../src/store/parameter-store.ts';
import type { ParameterStore } from '../../src/store/parameter-store.ts';

const bucketBytes = 2 ** 20;
/** A copy is under way while there is less than 4 MiB of them: a prefix makes each a little more than 1 MiB. */
const inWindow = 4;

interface Frame {
  readonly kind: string;
  readonly bucket: number;
  readonly version: number;
  readonly first: number | undefined;
}

/** Twelve buckets of 1 MiB and the scalars; bucket b holds b everywhere. */
function openStore(more: Pick<OptimizerSettings, 'average'> = {}): ParameterStore {
  const optimizer = createOptimizer({
    ...more,
    type: 'sgd',
    learningRate: 1,
    momentum: 0,
    nesterov: false,
    dampening: 0,
    weightDecay: 0,
    decoupledWeightDecay: false,
  });
  const tensors = [
    { name: 'weight', shape: [2], section: 'scalars' },
    { name: 'w', shape: [12 * (bucketBytes / 4)], section: 'trainable' },
  ] as const;
  const store = createParameterStore({ tensors, bucketBytes, optimizer });
  for (let bucket = 1; bucket <= 12; bucket += 1) {
    fill(store, { bucket, version: 0 }, bucket);
    if (more.average !== undefined) fillAverage(store, bucket, bucket);
  }
  return store;
}

function fill(
  store: ParameterStore,
  { bucket, version }: { readonly bucket: number; readonly version: number },
  value: number,
): void {
  const bytes = store.parameters(bucket, version);
  new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4).fill(value);
}

function fillAverage(store: ParameterStore, bucket: number, value: number): void {
  const { area, dataOffset } = store.framed(bucket, 'average');
  const length = (area.length - dataOffset) / 4;
  new Float32Array(area.buffer, area.byteOffset + dataOffset, length).fill(value);
}

/** Connections 1, 2, ...; those in `lanes` take a copy at once, the others say `sent` when they are told to. */
function connect(store: ParameterStore, { lanes = [] }: { readonly lanes?: readonly number[] }) {
  const received = new Map<number, Frame[]>();
  const unsent: { readonly id: number; readonly frame: Uint8Array; readonly sent: () => void }[] =
    [];
  const take = (id: number, bytes: Uint8Array): void => {
    const message = decodeMessage(bytes.slice(), 'server');
    if (!('version' in message && 'bucket' in message)) throw new Error('what?');
    const { kind, bucket, version, payload } = message;
    const first = new DataView(payload.buffer, payload.byteOffset).getFloat32(0, true);
    received.set(id, [...(received.get(id) ?? []), { kind, bucket, version, first }]);
  };
  const sender: ParametersSender = createParametersSender(store, {
    needChecksum: () => false,
    sendCopy: (id, frame) => {
      if (!lanes.includes(id)) return false;
      take(id, frame);
      return true;
    },
    sendFrame: (id, frame, sent = () => undefined) => {
      unsent.push({ id, frame, sent });
    },
  });
  /** Lets the oldest frame leave: it is read now, from where it lies now. */
  const leave = (): void => {
    const next = unsent.shift();
    if (next === undefined) throw new Error('nothing waits');
    take(next.id, next.frame);
    next.sent();
  };
  const all = (id: number): readonly Frame[] => {
    while (unsent.length > 0) leave();
    return received.get(id) ?? [];
  };
  return { sender, unsent, leave, all };
}

const everything = Array.from({ length: 12 }, (_, i) => i + 1);

describe('createParametersSender', () => {
  it('gives a connection without a lane a window of copies, and the rest as they leave, in order', () => {
    const { sender, unsent, leave, all } = connect(openStore(), {});
    for (const bucket of everything) sender.send('snapshot', { bucket, version: 0, to: [1] });
    expect(unsent).toHaveLength(inWindow);
    expect(sender.waitingBytes(1)).toBe((12 - inWindow) * bucketBytes);
    leave();
    expect(unsent).toHaveLength(inWindow);
    expect(all(1)).toEqual(
      everything.map((bucket) => ({ kind: 'snapshot', bucket, version: 0, first: bucket })),
    );
    expect(sender.waitingBytes(1)).toBe(0);
  });

  it('never sends numbers of another version: what waits is copied before they are written over', () => {
    const store = openStore();
    const { sender, all } = connect(store, {});
    for (const bucket of everything) sender.send('snapshot', { bucket, version: 0, to: [1] });
    for (const bucket of everything) {
      sender.keep({ bucket, version: 1 });
      fill(store, { bucket, version: 2 }, -1); // where version 0 was
    }
    expect(all(1).map(({ first }) => first)).toEqual(everything);
  });

  it('does not copy what waits for another version', () => {
    const store = openStore();
    const { sender, all } = connect(store, {});
    for (const bucket of everything) sender.send('snapshot', { bucket, version: 0, to: [1] });
    sender.keep({ bucket: 12, version: 0 });
    fill(store, { bucket: 12, version: 0 }, 77); // seen only by what is read later
    expect(all(1).at(-1)?.first).toBe(77);
  });

  it('copies an average that waits when its version is updated', () => {
    const store = openStore({ average: { decay: 0.5, warmup: false } });
    const { sender, all } = connect(store, {});
    for (const bucket of everything) sender.send('average', { bucket, version: 4, to: [1] });
    for (const bucket of everything) {
      sender.keep({ bucket, version: 3 }); // that was before
      sender.keep({ bucket, version: 4 });
      fillAverage(store, bucket, -1);
    }
    expect(all(1).map(({ kind, first }) => [kind, first])).toEqual(
      everything.map((bucket) => ['average', bucket]),
    );
  });

  it('keeps the order of kinds: what follows a snapshot waits behind it', () => {
    const { sender, all } = connect(openStore(), {});
    for (const bucket of everything) sender.send('snapshot', { bucket, version: 0, to: [1] });
    sender.send('parameters', { bucket: 1, version: 1, to: [1] });
    expect(all(1).at(-1)).toMatchObject({ kind: 'parameters', bucket: 1, version: 1 });
  });

  it('shares one copy among those that need one, and holds up nobody who does not', () => {
    const { sender, unsent, all } = connect(openStore(), { lanes: [3] });
    for (const bucket of everything) {
      sender.send('parameters', { bucket, version: 0, to: [1, 2, 3] });
    }
    expect(unsent.map(({ id }) => id)).toEqual([1, 2, 1, 2, 1, 2, 1, 2]);
    expect(unsent[0]?.frame).toBe(unsent[1]?.frame);
    expect(sender.waitingBytes(3)).toBe(0);
    const buckets = (id: number): readonly number[] => all(id).map(({ bucket }) => bucket);
    expect(buckets(3)).toEqual(everything);
    expect([buckets(1), buckets(2)]).toEqual([everything, everything]);
  });
});
