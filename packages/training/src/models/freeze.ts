import { groupOf } from '@paceline/math';
import type { GroupSettings } from '@paceline/math';
import type { ModelVariable } from './model.ts';

/**
 * The variables of a model, where those of frozen groups are not trained: they have no gradient, and never travel again
 * after the snapshot. Trainable ones first.
 */
export function freeze(
  variables: readonly ModelVariable[],
  groups: readonly GroupSettings[] = [],
): readonly ModelVariable[] {
  if (!groups.some(({ frozen }) => frozen === true)) return variables;
  const isFrozen = ({ name }: ModelVariable): boolean => groupOf(groups, name)?.frozen === true;
  const all = variables.map((one) => (isFrozen(one) ? { ...one, trainable: false } : one));
  return [...all.filter((one) => one.trainable), ...all.filter((one) => !one.trainable)];
}
