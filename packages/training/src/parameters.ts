/** The bound version: from the flat vector to the variables of the model, and back. */
import type { ParameterLayout, TensorPlace } from '@paceline/math';
import type { Tensor, Variable } from '@tensorflow/tfjs';
import type { Backend } from './backend/interface.ts';
import type { WriteLeaf } from './prepared-job.ts';

/** A tensor of the layout and the variable that holds it. */
export interface BoundTensor {
  readonly place: TensorPlace;
  readonly variable: Variable;
}

/** The variables as one flat vector. */
export interface ParameterStore {
  /** Reads every variable into a fresh flat vector. */
  read(): Float32Array;
  /** Sets every variable. The flat vector is read until the next call. */
  bind(flat: Float32Array): void;
  /** Sets the trainable variables alone. Their flat vector, too, is read until the next call of `bind`. */
  bindTrainable(flat: Float32Array): void;
  /** Sets the state variables back to the bound version: each microbatch starts from it, whoever computes it. */
  resetState(): void;
  /** weight x (s_i - s) for each state tensor, s_i being what the forward pass has assigned. */
  writeStateChange(weight: number, write: WriteLeaf): void;
  dispose(): void;
}

/** `tensors` are all of the layout but the scalars. The variables stay the model's. */
export function createParameterStore(
  backend: Backend,
  layout: ParameterLayout,
  tensors: readonly BoundTensor[],
): ParameterStore {
  const state = tensors.filter(({ place }) => place.section === 'state');
  let base: { readonly flat: Float32Array; readonly tensors: readonly Tensor[] } | undefined;
  const dropBase = (): void => {
    base?.tensors.forEach((tensor) => tensor.dispose());
    base = undefined;
  };
  const resetState = (): void => {
    state.forEach(({ variable }, index) => {
      const tensor = base?.tensors[index];
      if (tensor !== undefined) variable.assign(tensor);
    });
  };
  return {
    read: () => readAll(layout, tensors),
    bind(flat) {
      dropBase();
      for (const { place, variable } of tensors) {
        if (place.section !== 'state') assignFrom(backend, flat, { place, variable });
      }
      // A state variable is assigned again and again from one tensor; assigning shares its memory.
      base = { flat, tensors: state.map(({ place }) => tensorOf(backend, flat, place)) };
      resetState();
    },
    bindTrainable(flat) {
      for (const { place, variable } of tensors) {
        if (place.section === 'trainable') assignFrom(backend, flat, { place, variable });
      }
    },
    resetState,
    writeStateChange(weight, write) {
      for (const { place, variable } of state) {
        const before = base?.flat.subarray(place.offset, place.offset + place.size);
        if (before === undefined) continue;
        write(place.offset, () => weightedChange(weight, before, variable.dataSync<'float32'>()));
      }
    },
    dispose: dropBase,
  };
}

/** Float32 arithmetic of our own, operation by operation: TensorFlow's flushes subnormal numbers to zero. */
export function weightedChange(
  weight: number,
  before: Float32Array,
  after: Float32Array,
): Float32Array {
  return Float32Array.from(before, (value, i) =>
    Math.fround(weight * Math.fround((after[i] ?? 0) - value)),
  );
}

function readAll(layout: ParameterLayout, tensors: readonly BoundTensor[]): Float32Array {
  const flat = new Float32Array(layout.length);
  for (const { place, variable } of tensors) flat.set(variable.dataSync(), place.offset);
  return flat;
}

function tensorOf(backend: Backend, flat: Float32Array, place: TensorPlace): Tensor {
  return backend.fromFlat(flat.subarray(place.offset, place.offset + place.size), place.shape);
}

function assignFrom(backend: Backend, flat: Float32Array, { place, variable }: BoundTensor): void {
  const tensor = tensorOf(backend, flat, place);
  variable.assign(tensor);
  tensor.dispose();
}
