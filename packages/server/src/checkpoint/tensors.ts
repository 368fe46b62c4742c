import type { ParameterLayout, Section, TensorPlace } from '@paceline/math';
import type { SafetensorsEntry } from './safetensors.ts';

/** The sections of a vector of parameters, in its order. */
export const parameterSections: readonly Section[] = ['trainable', 'state', 'frozen'];

/** Those of the best model that a run keeps: frozen tensors never change. */
export const bestSections: readonly Section[] = ['trainable', 'state'];

/** The tensors of sections, in layout order. */
export function tensorsIn(
  layout: ParameterLayout,
  sections: readonly Section[] = parameterSections,
): readonly TensorPlace[] {
  return layout.tensors.filter((tensor) => sections.includes(tensor.section));
}

/** Tensors as a safetensors file lists them. */
export function entriesOf(
  tensors: readonly { readonly name: string; readonly shape: readonly number[] }[],
): readonly SafetensorsEntry[] {
  return tensors.map(({ name, shape }) => {
    const size = shape.reduce((product, dimension) => product * dimension, 1);
    return { name, shape, bytes: size * Float32Array.BYTES_PER_ELEMENT };
  });
}
