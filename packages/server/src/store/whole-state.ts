import { createHash } from 'node:crypto';
import type { Bucket, Optimizer, ParameterLayout, Section, TensorSlot } from '@paceline/math';
import { isParameterBucket, ownersOf } from '@paceline/math';
import type { SlotTensor } from '../checkpoint/storage.ts';
import { joinBytes, splitBytes } from './bytes.ts';
import type { createModelWeights, WhichWeights } from './model-weights.ts';

/** The numbers of one version, as bytes that belong to the caller: in layout order, without a trace of buckets. */
export interface StateCopy {
  readonly parameters: Uint8Array;
  readonly slots: Readonly<Record<string, Uint8Array>>;
  /** Of slots that have not the shapes of the trainable tensors. */
  readonly slotTensors?: Readonly<Record<string, readonly SlotTensor[]>>;
  /** The best model so far, where it is kept: trainable tensors and state. */
  readonly best?: Uint8Array;
}

/** What concerns all numbers of a version at once: on the way of a step, nothing does. */
export interface WholeState {
  /** Copies of all parameters of a version, and of the slots of its trainable ones. */
  copyState(version: number): StateCopy;
  /** Fills a version and the slots from what {@link WholeState.copyState} gave, in whatever buckets. */
  restore(version: number, state: StateCopy): void;
  /** SHA-256 (hex) over the little-endian Float32 bytes of a model's sections in layout order. */
  digest(sections: readonly Section[], which: WhichWeights): string;
}

/** Sees the buckets of a store as one state. */
export function createWholeState(o: {
  readonly layout: ParameterLayout;
  readonly buckets: readonly Bucket[];
  readonly optimizer: Pick<Optimizer, 'slots' | 'tensorSlots'>;
  readonly parameters: (bucket: number, version: number) => Uint8Array;
  readonly slot: (bucket: number, name: string) => Uint8Array;
  readonly weights: ReturnType<typeof createModelWeights>;
}): WholeState {
  const { slots, tensorSlots } = o.optimizer;
  const { model, copyBest, restoreBest } = o.weights;
  const parametersAt = (version: number): readonly Uint8Array[] =>
    o.buckets.filter(isParameterBucket).map(({ index }) => o.parameters(index, version));
  const trainable = o.buckets.filter(({ section }) => section === 'trainable');
  const places: readonly (readonly [string, () => readonly Uint8Array[]])[] = [
    ...slots.map(
      (name) => [name, () => trainable.map(({ index }) => o.slot(index, name))] as const,
    ),
    ...tensorSlots.map((slot) => [slot.name, () => bytesOf(slot, o.layout)] as const),
  ];
  const slotTensors = Object.fromEntries(
    tensorSlots.map((slot) => [slot.name, tensorsOf(slot, o.layout)]),
  );
  return {
    copyState: (version) => {
      const best = copyBest();
      return {
        parameters: joinBytes(parametersAt(version)),
        slots: Object.fromEntries(places.map(([name, of]) => [name, joinBytes(of())])),
        ...(tensorSlots.length === 0 ? {} : { slotTensors }),
        ...(best === undefined ? {} : { best }),
      };
    },
    restore: (version, state) => {
      splitBytes(state.parameters, parametersAt(version));
      for (const [name, of] of places) splitBytes(state.slots[name], of());
      restoreBest(state.best);
    },
    digest: (sections, which) => {
      const hash = createHash('sha256');
      for (const { index, section } of o.buckets) {
        if (sections.includes(section)) hash.update(model(index, which));
      }
      return hash.digest('hex');
    },
  };
}

function tensorsOf(slot: TensorSlot, { tensors }: ParameterLayout): readonly SlotTensor[] {
  return ownersOf(slot, tensors).map(({ tensor: { name }, shape }) => ({ name, shape }));
}

function bytesOf(slot: TensorSlot, { tensors }: ParameterLayout): readonly Uint8Array[] {
  return ownersOf(slot, tensors).map(({ tensor }) => {
    const { buffer, byteOffset, byteLength } = slot.values(tensor);
    return new Uint8Array(buffer, byteOffset, byteLength);
  });
}
