import type { TensorHeader } from '@paceline/protocol';
import { encodeMessage, encodeTensorMessage } from '@paceline/protocol';

/** Ways in which a frame can be wrong. Those with a `down-` are sent to the worker, the others to the server. */
export const damageKinds = [
  'garbage',
  'unknown-code',
  'cut-short',
  'of-the-other-side',
  'second-hello',
  'future-step',
  'old-term',
  'no-such-bucket',
  'no-such-node',
  'wrong-length',
  'unasked-initial',
  'down-garbage',
] as const;

/** Frames that are well formed, and almost right. */
export const plausibleKinds = ['future-step', 'old-term', 'wrong-length'] as const;

/** One of them. */
export type DamageKind = (typeof damageKinds)[number];

/** Makes a wrong frame. `term` and `step` are those of now, `uniform` a stream of numbers in [0, 1). */
export function damagedFrame(
  kind: DamageKind,
  o: { readonly term: number; readonly step: number; readonly uniform: () => number },
): Uint8Array {
  const node = { kind: 'node', term: o.term, step: o.step, level: 0, index: 0, bucket: 0 } as const;
  switch (kind) {
    case 'garbage':
    case 'down-garbage': {
      const length = 1 + Math.floor(o.uniform() * 60);
      return Uint8Array.from({ length }, () => Math.floor(o.uniform() * 256));
    }
    case 'unknown-code':
      return tensor(node, 5).with(1, 0x7d);
    case 'cut-short':
      return tensor(node, 5).slice(0, -3);
    case 'of-the-other-side':
      return encodeMessage({ kind: 'stop', reason: 'says the worker' });
    case 'second-hello':
      return encodeMessage({ kind: 'hello', protocol: 1, name: 'again', pid: 1, host: 'here' });
    case 'future-step':
      return tensor({ ...node, step: o.step + 2 }, 5);
    case 'old-term':
      return tensor({ ...node, term: o.term - 1 }, 5);
    case 'no-such-bucket':
      return tensor({ ...node, bucket: 99 }, 5);
    case 'no-such-node':
      return tensor({ ...node, level: 1, index: 77 }, 5);
    case 'wrong-length':
      return tensor(node, 4);
    case 'unasked-initial':
      return tensor({ kind: 'initial', bucket: 1 }, 8);
  }
}

type Place = Omit<Extract<TensorHeader, { kind: 'node' }>, 'dtype' | 'length'> | InitialPlace;
interface InitialPlace {
  readonly kind: 'initial';
  readonly bucket: number;
}

function tensor(place: Place, length: number): Uint8Array {
  const bytes = new Uint8Array(length * Float32Array.BYTES_PER_ELEMENT).fill(0x3f);
  return encodeTensorMessage({ ...place, dtype: 'f32', length }, bytes);
}
