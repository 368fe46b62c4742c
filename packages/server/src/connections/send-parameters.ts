import { encodeTensorMessage, tensorHeadroomBytes } from '@paceline/protocol';
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

/** Makes the sender, with its memory for frames: copies, as the parameters' own is written again two versions later. */
export function createParametersSender(peers: Peers): SendParameters {
  const pool = createFramePool();
  return (kind, store, { bucket, version, to }) => {
    if (to.length === 0) return;
    const bytes = store.parameters(bucket, version);
    const area = pool.take(tensorHeadroomBytes + bytes.length);
    const length = bytes.length / Float32Array.BYTES_PER_ELEMENT;
    const header = { kind, version, bucket, dtype: 'f32', length } as const;
    // One object: connections that share memory write it once.
    const frame = encodeTensorMessage(header, bytes, { area, checksum: peers.needChecksum(to) });
    let unsent = to.length;
    const sent = (): void => {
      unsent -= 1;
      if (unsent === 0) pool.release(area);
    };
    for (const each of to) peers.sendFrame(each, frame, sent);
  };
}
