/** All optimizers by type: a new member is a file beside this one and a line here. */
import { MathError } from '../errors.ts';
import { createAdadelta } from './adadelta.ts';
import type { AdadeltaSettings } from './adadelta.ts';
import { createAdafactor } from './adafactor.ts';
import type { AdafactorSettings } from './adafactor.ts';
import { createAdagrad } from './adagrad.ts';
import type { AdagradSettings } from './adagrad.ts';
import { createAdam } from './adam.ts';
import type { AdamSettings, AdamwSettings } from './adam.ts';
import { createAdamax } from './adamax.ts';
import type { AdamaxSettings } from './adamax.ts';
import type { AverageSettings } from './average.ts';
import { withAverage } from './average.ts';
import type { ClipSettings } from './clip.ts';
import { withClipping } from './clip.ts';
import type { GroupSettings } from './groups.ts';
import { createGrouped } from './groups.ts';
import { createLamb } from './lamb.ts';
import type { LambSettings } from './lamb.ts';
import { createLars } from './lars.ts';
import type { LarsSettings } from './lars.ts';
import { createLion } from './lion.ts';
import type { LionSettings } from './lion.ts';
import { createNadam } from './nadam.ts';
import type { NadamSettings } from './nadam.ts';
import type { Optimizer } from './optimizer.ts';
import { createRmsprop } from './rmsprop.ts';
import type { RmspropSettings } from './rmsprop.ts';
import { createSgd } from './sgd.ts';
import type { SgdSettings } from './sgd.ts';

/** The settings of a member; `type` says of which. */
type MemberSettings =
  | SgdSettings
  | AdagradSettings
  | RmspropSettings
  | AdadeltaSettings
  | AdamSettings
  | AdamwSettings
  | AdamaxSettings
  | NadamSettings
  | LionSettings
  | LarsSettings
  | LambSettings
  | AdafactorSettings;

/** The settings of any member, and what all of them may have around it. */
export type OptimizerSettings = MemberSettings & {
  /** Bounds on the gradient. */
  readonly clip?: ClipSettings;
  /** Parameters with settings of their own. */
  readonly groups?: readonly GroupSettings[];
  /** An average of the parameters. */
  readonly average?: AverageSettings;
};

const optimizers: {
  readonly [Type in MemberSettings['type']]: (
    settings: Extract<MemberSettings, { readonly type: Type }>,
  ) => Optimizer;
} = {
  sgd: createSgd,
  adagrad: createAdagrad,
  rmsprop: createRmsprop,
  adadelta: createAdadelta,
  adam: createAdam,
  adamw: createAdam,
  adamax: createAdamax,
  nadam: createNadam,
  lion: createLion,
  lars: createLars,
  lamb: createLamb,
  adafactor: createAdafactor,
};

/** The types that {@link createOptimizer} knows. */
export const optimizerTypes: readonly string[] = Object.freeze(Object.keys(optimizers));

/**
 * Creates the optimizer that the settings name, with what they put around it: first the gradient is clipped, then each
 * parameter moves as its group says, then it is averaged.
 * @throws {MathError} `unknown-optimizer`, or `bad-argument` for settings outside their domain.
 */
export function createOptimizer({
  clip,
  groups = [],
  average,
  ...settings
}: OptimizerSettings): Optimizer {
  let optimizer = createGrouped<MemberSettings>(settings, groups, createMember);
  if (clip !== undefined && Object.keys(clip).length > 0) optimizer = withClipping(optimizer, clip);
  if (average !== undefined) optimizer = withAverage(optimizer, average);
  return Object.freeze(optimizer);
}

function createMember(settings: MemberSettings): Optimizer {
  // Settings may come from a job file of a newer version: the type alone does not protect here.
  if (!Object.hasOwn(optimizers, settings.type)) {
    throw new MathError(
      'unknown-optimizer',
      `no optimizer "${settings.type}"; there is ${optimizerTypes.join(', ')}`,
      { data: { type: settings.type, known: optimizerTypes } },
    );
  }
  const create = optimizers[settings.type] as (settings: MemberSettings) => Optimizer;
  return create(settings);
}
