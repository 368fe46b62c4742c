/**
 * Buckets: the unit on the wire, of the update, and of a server's share.
 * They cut the flat vector, not the tensors: a tensor may be larger than a bucket, and a bucket may hold many.
 */
import { checkWhole } from './checks.ts';
import { sectionOrder } from './layout.ts';
import type { ParameterLayout, Range, Section } from './layout.ts';

/** A contiguous part of the flat vector, inside one section. `offset` and `length` in elements; `index` is its position in the plan. */
export interface Bucket extends Range {
  readonly index: number;
  readonly section: Section;
}

/**
 * Cuts each section into buckets of `bucketBytes` (rounded down to whole floats); the last one of a section may be
 * smaller. In the order of the flat vector; sections without elements have no bucket.
 * @throws {MathError} `bad-argument` when `bucketBytes` holds no float.
 */
export function planBuckets(layout: ParameterLayout, bucketBytes: number): readonly Bucket[] {
  checkWhole('bucketBytes', bucketBytes, { least: Float32Array.BYTES_PER_ELEMENT });
  const most = Math.floor(bucketBytes / Float32Array.BYTES_PER_ELEMENT);
  const buckets: Bucket[] = [];
  for (const section of sectionOrder) {
    const { offset: start, length: total } = layout.sections[section];
    const end = start + total;
    for (let offset = start; offset < end; offset += most) {
      const length = Math.min(most, end - offset);
      buckets.push(Object.freeze({ index: buckets.length, section, offset, length }));
    }
  }
  return Object.freeze(buckets);
}

/** True for buckets that workers send up as nodes: scalars, gradients, and changes of state. */
export function isGradientBucket(bucket: Bucket): boolean {
  return bucket.section !== 'frozen';
}

/** True for buckets that are part of a version of the parameters, snapshots included. */
export function isParameterBucket(bucket: Bucket): boolean {
  return bucket.section !== 'scalars';
}
