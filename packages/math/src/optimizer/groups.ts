/**
 * Groups of parameters by their names: learning rates and decay of their own. The first group with a pattern that matches a
 * name is that of the parameter; whoever has none has the optimizer's settings as they are.
 */
import { checkNumbers, notNegative } from './check-settings.ts';
import type { Optimizer, Pass, TensorSlot } from './optimizer.ts';

/** What a group says of its parameters; what it leaves out is as everywhere. */
export interface GroupSettings {
  /** Names, or patterns: `*` stands for any characters, also for none. */
  readonly match: string | readonly string[];
  /** Multiplies the learning rate; >= 0. */
  readonly learningRateFactor?: number;
  /** Instead of the optimizer's. */
  readonly weightDecay?: number;
  /** Of lars and lamb. */
  readonly adaptLayers?: boolean;
  /** Not trained at all: such parameters are not in the trainable section, and never come here. */
  readonly frozen?: boolean;
}

/** The group of a parameter; undefined where no pattern matches. */
export function groupOf(groups: readonly GroupSettings[], name: string): GroupSettings | undefined {
  return groups.find(({ match }) => patternsOf(match).some((pattern) => isMatch(pattern, name)));
}

/** The patterns that match none of the parameters: most likely misspelt. */
export function idlePatterns(
  groups: readonly GroupSettings[],
  names: readonly string[],
): readonly string[] {
  const patterns = groups.flatMap(({ match }) => patternsOf(match));
  return patterns.filter((pattern) => !names.some((name) => isMatch(pattern, name)));
}

/** Settings of an optimizer that a group may change. */
interface Groupable {
  readonly weightDecay: number;
  readonly adaptLayers?: boolean;
}

/**
 * One optimizer out of those that `create` makes for the settings of each group. All have the same slots and passes.
 * @throws {MathError} `bad-argument` for a factor that is not >= 0, and what `create` throws
 */
export function createGrouped<S extends Groupable>(
  settings: S,
  groups: readonly GroupSettings[],
  create: (settings: S) => Optimizer,
): Optimizer {
  const common = create(settings);
  if (groups.length === 0) return common;
  const members = new Map(groups.map((group) => [group, createMember(settings, group, create)]));
  const known = new Map<string, Optimizer>();
  const memberOf = (name: string): Optimizer => {
    const found = known.get(name);
    if (found !== undefined) return found;
    const group = groupOf(groups, name);
    const member = (group && members.get(group)) ?? common;
    known.set(name, member);
    return member;
  };
  return {
    ...common,
    passes: common.passes.map((_, i): Pass => {
      return (segment) => memberOf(segment.tensor.name).passes[i]?.(segment);
    }),
    tensorSlots: common.tensorSlots.map((slot, i): TensorSlot => {
      return { ...slot, values: (t) => (memberOf(t.name).tensorSlots[i] ?? slot).values(t) };
    }),
  };
}

function createMember<S extends Groupable>(
  settings: S,
  group: GroupSettings,
  create: (settings: S) => Optimizer,
): Optimizer {
  const { learningRateFactor: factor = 1, weightDecay, adaptLayers } = group;
  checkNumbers({ type: 'groups', learningRateFactor: factor }, { learningRateFactor: notNegative });
  const member = create({
    ...settings,
    ...(weightDecay === undefined ? {} : { weightDecay }),
    ...(adaptLayers === undefined ? {} : { adaptLayers }),
  });
  const passes = member.passes.map((pass): Pass => {
    return (segment) => {
      pass({ ...segment, learningRate: segment.learningRate * factor });
    };
  });
  return { ...member, passes };
}

function patternsOf(match: GroupSettings['match']): readonly string[] {
  return typeof match === 'string' ? [match] : match;
}

function isMatch(pattern: string, name: string): boolean {
  const pieces = pattern.split('*').map((piece) => piece.replace(/[\\^$.+?()[\]{}|]/g, '\\$&'));
  return new RegExp(`^${pieces.join('.*')}$`, 's').test(name);
}
