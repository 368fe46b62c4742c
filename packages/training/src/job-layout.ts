/** The layout of a job: scalars, trainable parameters, state, frozen variables. */
import { createLayout } from '@paceline/math';
import type { ParameterLayout, Section, TensorSpec } from '@paceline/math';
import type { Variable } from '@tensorflow/tfjs';
import type { ModelVariable } from './models/model.ts';
import type { BoundTensor } from './parameters.ts';

/** Name of the tensor of scalars: no variable of tfjs may be called so. */
const scalarsName = '$scalars';

/** The layout, and each of its tensors (the scalars aside) with its variable, in layout order. */
export interface JobLayout {
  readonly layout: ParameterLayout;
  readonly tensors: readonly BoundTensor[];
}

/** `scalars` are the names of the scalars; `assigned` the variables that a training pass assigns. */
export function createJobLayout(
  variables: readonly ModelVariable[],
  assigned: ReadonlySet<Variable>,
  scalars: readonly string[],
): JobLayout {
  const sectionOf = ({ trainable, variable }: ModelVariable): Section => {
    if (trainable) return 'trainable';
    return assigned.has(variable) ? 'state' : 'frozen';
  };
  const layout = createLayout([
    { name: scalarsName, shape: [scalars.length], section: 'scalars' },
    ...variables.map((one): TensorSpec => ({
      name: one.name,
      shape: one.shape,
      section: sectionOf(one),
    })),
  ]);
  const byName = new Map(variables.map(({ name, variable }) => [name, variable]));
  const tensors = layout.tensors.flatMap((place) => {
    const variable = byName.get(place.name);
    return variable === undefined || place.section === 'scalars' ? [] : [{ place, variable }];
  });
  return { layout, tensors };
}
