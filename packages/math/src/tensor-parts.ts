import type { Bucket } from './buckets.ts';
import type { ParameterLayout, TensorPlace } from './layout.ts';

/** The part of a tensor that lies in a bucket. All in elements. */
export interface TensorPart {
  readonly tensor: TensorPlace;
  /** Where the part begins in its tensor. */
  readonly start: number;
  /** Where it begins in the bucket. */
  readonly offset: number;
  readonly count: number;
}

/** The parts that a bucket consists of, in order; tensors without elements have none. */
export function partsOf({ tensors }: ParameterLayout, bucket: Bucket): readonly TensorPart[] {
  const end = bucket.offset + bucket.length;
  return tensors.flatMap((tensor) => {
    const first = Math.max(tensor.offset, bucket.offset);
    const last = Math.min(tensor.offset + tensor.size, end);
    if (last <= first) return [];
    const [start, offset] = [first - tensor.offset, first - bucket.offset];
    return [Object.freeze({ tensor, start, offset, count: last - first })];
  });
}
