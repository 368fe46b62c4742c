import type { ParameterLayout, Section, TensorPlace } from '@paceline/math';
import type { SafetensorsEntry } from './safetensors.ts';

/** The sections of a vector of parameters, in its order. */
export const parameterSections: readonly Section[] = ['trainable', 'state', 'frozen'];

/** The tensors of sections, in layout order. */
export function tensorsIn(
  layout: ParameterLayout,
  sections: readonly Section[] = parameterSections,
): readonly TensorPlace[] {
  return layout.tensors.filter((tensor) => sections.includes(tensor.section));
}

/** Tensors as a safetensors file lists them. */
export function entriesOf(tensors: readonly TensorPlace[]): readonly SafetensorsEntry[] {
  return tensors.map(({ name, shape, size }) => ({ name, shape, bytes: size * 4 }));
}
