import { copyBytes, writeTensorPrefix } from '@paceline/protocol';
import type { FramedBucket, ParameterStore } from '../store/parameter-store.ts';
import { createFramePool } from './frame-pool.ts';
import type { Peers } from './peers.ts';

/** Copies that may be under way to one worker; a bucket more than that, once there is none. */
const windowBytes = 4 * 2 ** 20;

/** A bucket of a version, and the connections that get it. */
export interface ParametersToSend {
  readonly bucket: number;
  readonly version: number;
  readonly to: readonly number[];
}

/**
 * Sends buckets, in order to each worker. What does not leave at once waits as a name: a frame is made where the numbers
 * are when its turn comes, so that a hundred workers that ask for everything at once cost no memory.
 */
export interface ParametersSender {
  /** An `average` is that of the newest version. */
  send(kind: ParametersKind, o: ParametersToSend): void;
  /**
   * A bucket is about to be updated from a version: its average, and the parameters of the version before, are written over. What
   * waits for them gets a copy.
   */
  keep(o: { readonly bucket: number; readonly version: number }): void;
  /** Bytes that wait here for a connection, beside those that it has been given. */
  waitingBytes(id: number): number;
}

type ParametersKind = 'parameters' | 'snapshot' | 'average';

/** What goes to one or several workers. */
interface Parcel extends ParametersToSend {
  readonly kind: ParametersKind;
  /** Workers that have not been sent it. */
  users: number;
  copy: Copy | undefined;
}

interface Copy {
  readonly room: Uint8Array<ArrayBuffer>;
  readonly frame: Uint8Array;
}

interface Queue {
  readonly waiting: Parcel[];
  underWayBytes: number;
}

/**
 * Makes the sender of a store's parameters. Who is not given a frame through shared memory gets a copy, as the numbers are
 * written again two versions later.
 */
export function createParametersSender(
  store: ParameterStore,
  peers: Pick<Peers, 'needChecksum' | 'sendCopy' | 'sendFrame'>,
): ParametersSender {
  return new Sender(store, peers);
}

class Sender implements ParametersSender {
  private readonly pool = createFramePool();
  private readonly queues = new Map<number, Queue>();
  private readonly store: ParameterStore;
  private readonly peers: Pick<Peers, 'needChecksum' | 'sendCopy' | 'sendFrame'>;

  constructor(
    store: ParameterStore,
    peers: Pick<Peers, 'needChecksum' | 'sendCopy' | 'sendFrame'>,
  ) {
    this.store = store;
    this.peers = peers;
  }

  send(kind: ParametersKind, o: ParametersToSend): void {
    const parcel: Parcel = { ...o, kind, users: o.to.length, copy: undefined };
    let frame: Uint8Array | undefined;
    for (const id of o.to) {
      const queue = this.queues.get(id);
      if (queue === undefined) {
        // One object: connections that share memory write it once.
        frame ??= this.frameOf(parcel);
        this.give(id, parcel, frame);
      } else {
        queue.waiting.push(parcel);
        this.goOn(id, queue);
      }
    }
  }

  keep(o: { readonly bucket: number; readonly version: number }): void {
    for (const { waiting } of this.queues.values()) {
      for (const parcel of waiting) {
        const isLost = parcel.version === (parcel.kind === 'average' ? o.version : o.version - 1);
        if (parcel.bucket === o.bucket && isLost) this.copyOf(parcel);
      }
    }
  }

  waitingBytes(id: number): number {
    const { waiting = [] } = this.queues.get(id) ?? {};
    const lengths = waiting.map(({ bucket }) => this.store.buckets[bucket]?.length ?? 0);
    return lengths.reduce((sum, length) => sum + length, 0) * Float32Array.BYTES_PER_ELEMENT;
  }

  private give(id: number, parcel: Parcel, frame: Uint8Array): void {
    if (this.peers.sendCopy(id, frame)) return this.leave(parcel);
    const queue = this.queues.get(id) ?? { waiting: [], underWayBytes: 0 };
    this.queues.set(id, queue);
    const copy = this.copyOf(parcel, frame);
    queue.underWayBytes += copy.frame.length;
    this.peers.sendFrame(id, copy.frame, () => {
      queue.underWayBytes -= copy.frame.length;
      this.leave(parcel);
      this.goOn(id, queue);
    });
  }

  /** Sends what waits, as far as the window allows. */
  private goOn(id: number, queue: Queue): void {
    while (queue.underWayBytes < windowBytes) {
      const parcel = queue.waiting.shift();
      if (parcel === undefined) break;
      this.give(id, parcel, this.frameOf(parcel));
    }
    if (queue.underWayBytes === 0) this.queues.delete(id);
  }

  /** Valid until the next frame of this bucket is made. */
  private frameOf(parcel: Parcel): Uint8Array {
    const { kind, bucket, version, to, copy } = parcel;
    if (copy !== undefined) return copy.frame;
    const { area, dataOffset } = this.placeOf(parcel);
    const length = (area.length - dataOffset) / Float32Array.BYTES_PER_ELEMENT;
    const header = { kind, version, bucket, dtype: 'f32', length } as const;
    const checksum = this.peers.needChecksum(to);
    const { start } = writeTensorPrefix(area, dataOffset, { header, checksum });
    return area.subarray(start);
  }

  private placeOf({ kind, bucket, version }: Parcel): FramedBucket {
    return this.store.framed(bucket, kind === 'average' ? kind : version);
  }

  private copyOf(parcel: Parcel, frame: Uint8Array = this.frameOf(parcel)): Copy {
    if (parcel.copy !== undefined) return parcel.copy;
    const room = this.pool.take(this.placeOf(parcel).area.length);
    const copy = { room, frame: room.subarray(room.length - frame.length) };
    copyBytes(copy.frame, frame);
    parcel.copy = copy;
    return copy;
  }

  private leave(parcel: Parcel): void {
    parcel.users -= 1;
    if (parcel.users === 0 && parcel.copy !== undefined) this.pool.release(parcel.copy.room);
  }
}
