import { createHash } from 'node:crypto';
import type { Bucket, Section } from '@paceline/math';
import { isParameterBucket } from '@paceline/math';
import { joinBytes, splitBytes } from './bytes.ts';

/** The numbers of one version, as bytes that belong to the caller: in layout order, without a trace of buckets. */
export interface StateCopy {
  readonly parameters: Uint8Array;
  readonly slots: Readonly<Record<string, Uint8Array>>;
}

/** What concerns all numbers of a version at once: on the way of a step, nothing does. */
export interface WholeState {
  /** Copies of all parameters of a version, and of the slots of its trainable ones. */
  copyState(version: number): StateCopy;
  /** Fills a version and the slots from what {@link WholeState.copyState} gave, in whatever buckets. */
  restore(version: number, state: StateCopy): void;
  /** SHA-256 (hex) over the little-endian Float32 bytes of sections in layout order. */
  digest(sections: readonly Section[], version: number): string;
}

/** Sees the buckets of a store as one state. */
export function createWholeState(o: {
  readonly buckets: readonly Bucket[];
  readonly slots: readonly string[];
  readonly parameters: (bucket: number, version: number) => Uint8Array;
  readonly slot: (bucket: number, name: string) => Uint8Array;
}): WholeState {
  const parametersAt = (version: number): readonly Uint8Array[] =>
    o.buckets.filter(isParameterBucket).map(({ index }) => o.parameters(index, version));
  const slotOf = (name: string): readonly Uint8Array[] =>
    o.buckets
      .filter(({ section }) => section === 'trainable')
      .map(({ index }) => o.slot(index, name));
  return {
    copyState: (version) => ({
      parameters: joinBytes(parametersAt(version)),
      slots: Object.fromEntries(o.slots.map((name) => [name, joinBytes(slotOf(name))])),
    }),
    restore: (version, state) => {
      splitBytes(state.parameters, parametersAt(version));
      for (const name of o.slots) splitBytes(state.slots[name], slotOf(name));
    },
    digest: (sections, version) => {
      const hash = createHash('sha256');
      for (const { index, section } of o.buckets) {
        if (sections.includes(section)) hash.update(o.parameters(index, version));
      }
      return hash.digest('hex');
    },
  };
}
