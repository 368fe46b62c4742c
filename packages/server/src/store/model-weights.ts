import type { Bucket } from '@paceline/math';
import { isGradientBucket, isParameterBucket } from '@paceline/math';
import { joinBytes, splitBytes } from './bytes.ts';

/** A version, or the one that was kept as the best. */
export type WhichWeights = number | 'best';

/**
 * The weights that a run gives away, evaluates and saves: the parameters of a version, or where the optimizer keeps an average
 * of them, that; or a copy of what was the best so far.
 */
export interface ModelWeights {
  /** The bytes of a bucket: a view, valid as long as the parameters of that version are. An average is that of the newest version. */
  model(bucket: number, which: WhichWeights): Uint8Array;
  /** Copies the model of a version: it is `best` from now on. */
  keepBest(version: number): void;
}

/** What of the best model a checkpoint keeps: frozen tensors never change. */
interface BestState {
  /** A copy of all that may change, in layout order; undefined before anything was kept. */
  copyBest(): Uint8Array | undefined;
  restoreBest(bytes: Uint8Array | undefined): void;
}

/** `average` gives the bytes of a trainable bucket's average; undefined where there is none. */
export function createModelWeights(o: {
  readonly buckets: readonly Bucket[];
  readonly parameters: (bucket: number, version: number) => Uint8Array;
  readonly average: ((bucket: number) => Uint8Array) | undefined;
}): ModelWeights & BestState {
  const changing = o.buckets.filter((each) => isParameterBucket(each) && isGradientBucket(each));
  let best: ReadonlyMap<number, Uint8Array> | undefined;
  const ofVersion = (bucket: number, version: number): Uint8Array => {
    const isTrainable = o.buckets[bucket]?.section === 'trainable';
    return isTrainable && o.average ? o.average(bucket) : o.parameters(bucket, version);
  };
  const room = (): ReadonlyMap<number, Uint8Array> =>
    new Map(changing.map(({ index, length }) => [index, new Uint8Array(4 * length)]));
  return {
    model: (bucket, which) =>
      which === 'best' ? (best?.get(bucket) ?? o.parameters(bucket, 0)) : ofVersion(bucket, which),
    keepBest: (version) => {
      best ??= room();
      for (const [bucket, bytes] of best) bytes.set(ofVersion(bucket, version));
    },
    copyBest: () => best && joinBytes([...best.values()]),
    restoreBest: (bytes) => {
      if (bytes === undefined) return;
      best ??= room();
      splitBytes(bytes, [...best.values()]);
    },
  };
}
