import { copyBytes, writeTensorPrefix } from '@paceline/protocol';
import type { ParameterStore } from '../store/parameter-store.ts';
import { createFramePool } from './frame-pool.ts';
import type { Peers } from './peers.ts';

/** A bucket of a version, and the connections that get it. */
export interface ParametersToSend {
  readonly bucket: number;
  readonly version: number;
  readonly to: readonly number[];
}

/** Sends a bucket: one frame for all. */
export type SendParameters = (
  kind: 'parameters' | 'snapshot',
  store: ParameterStore,
  o: ParametersToSend,
) => void;

/**
 * Makes the sender. A frame is made where the numbers are; who is not given it through shared memory at once gets a copy, as
 * they are written again two versions later.
 */
export function createParametersSender(peers: Peers): SendParameters {
  const pool = createFramePool();
  return (kind, store, { bucket, version, to }) => {
    const { area, dataOffset } = store.framed(bucket, version);
    const length = (area.length - dataOffset) / Float32Array.BYTES_PER_ELEMENT;
    const header = { kind, version, bucket, dtype: 'f32', length } as const;
    const checksum = peers.needChecksum(to);
    const { start } = writeTensorPrefix(area, dataOffset, { header, checksum });
    // One object: connections that share memory write it once.
    const frame = area.subarray(start);
    const others = to.filter((id) => !peers.sendCopy(id, frame));
    if (others.length === 0) return;
    const room = pool.take(area.length);
    const copy = room.subarray(start);
    copyBytes(copy, frame);
    let unsent = others.length;
    const sent = (): void => {
      unsent -= 1;
      if (unsent === 0) pool.release(room);
    };
    for (const each of others) peers.sendFrame(each, copy, sent);
  };
}
