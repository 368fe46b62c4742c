import type { EndRule, UntilSettings } from '@paceline/protocol';
import type { Summary } from '../run/state.ts';
import type { BestSoFar } from './early-stopping.ts';
import { valueOf } from './value-of.ts';
import type { Convergence } from './convergence.ts';

/** What the rules look at, at a version that was just reached. */
export interface Reached {
  readonly version: number;
  /** The smaller of `until.steps` and `until.epochs`, in steps; Infinity without either. */
  readonly totalSteps: number;
  /** What a target is compared with: on test data where there are any (undefined until this version is evaluated), else of the last step. */
  readonly summary: Summary | undefined;
  readonly convergence: Convergence;
  readonly best: BestSoFar;
  readonly trainedMs: number;
}

/** The rule that ends a run, and a sentence about it. */
export interface Verdict {
  readonly by: EndRule;
  readonly reason: string;
}

/** The first rule, in this order, that says that the run is over; undefined while none does. Pure. */
export function judge(until: UntilSettings, reached: Reached): Verdict | undefined {
  const { version, totalSteps, convergence, best, trainedMs } = reached;
  if (version >= totalSteps) {
    const by = version === until.steps ? 'steps' : 'epochs';
    return { by, reason: `${String(version)} steps are done` };
  }
  const { converged, earlyStopping, seconds } = until;
  const target = judgeTarget(until, reached.summary);
  if (target !== undefined) return target;
  if (converged !== undefined && convergence.calmSteps >= converged.windowSteps) {
    const { of, tolerance, windowSteps } = converged;
    const what = of === 'loss' ? 'the loss' : 'the norm of the gradient';
    const words = `${what} has changed by ${String(tolerance)} of it at most, in each of ${String(windowSteps)} steps`;
    return { by: 'converged', reason: words };
  }
  if (earlyStopping !== undefined && best.waited >= earlyStopping.patience) {
    const { metric } = earlyStopping;
    const words = `${metric} has not been better than ${String(best.best)} (step ${String(best.step)})`;
    return { by: 'earlyStopping', reason: `${words} in ${String(best.waited)} evaluations` };
  }
  if (seconds !== undefined && trainedMs >= seconds * 1000) {
    return { by: 'seconds', reason: `${String(seconds)} s of training are over` };
  }
  return undefined;
}

function judgeTarget({ target }: UntilSettings, summary: Summary | undefined): Verdict | undefined {
  if (target === undefined || summary === undefined) return undefined;
  const { metric, atLeast = -Infinity, atMost = Infinity } = target;
  const value = valueOf(summary, metric);
  if (Number.isNaN(value) || value < atLeast || value > atMost) return undefined;
  const bound =
    target.atLeast === undefined ? `at most ${String(atMost)}` : `at least ${String(atLeast)}`;
  return { by: 'target', reason: `${metric} is ${String(value)}: ${bound}` };
}
