import type { EndRule, UntilSettings } from '@paceline/protocol';
import type { Summary } from '../run/state.ts';
import type { Convergence } from './convergence.ts';

/** What the rules look at, at a version that was just reached. */
export interface Reached {
  readonly version: number;
  /** The smaller of `until.steps` and `until.epochs`, in steps; Infinity without either. */
  readonly totalSteps: number;
  /** On test data where there are any (undefined until this version is evaluated), else of the last step. */
  readonly summary: Summary | undefined;
  readonly convergence: Convergence;
  readonly trainedMs: number;
}

/** The rule that ends a run, and a sentence about it. */
export interface Verdict {
  readonly by: EndRule;
  readonly reason: string;
}

/** The first rule, in this order, that says that the run is over; undefined while none does. Pure. */
export function judge(until: UntilSettings, reached: Reached): Verdict | undefined {
  const { version, totalSteps, convergence, trainedMs } = reached;
  if (version >= totalSteps) {
    const by = version === until.steps ? 'steps' : 'epochs';
    return { by, reason: `${String(version)} steps are done` };
  }
  const { converged, seconds } = until;
  const target = judgeTarget(until, reached.summary);
  if (target !== undefined) return target;
  if (converged !== undefined && convergence.calmSteps >= converged.windowSteps) {
    const { tolerance, windowSteps } = converged;
    const words = `the loss has changed by ${String(tolerance)} of it at most, in each of ${String(windowSteps)} steps`;
    return { by: 'converged', reason: words };
  }
  if (seconds !== undefined && trainedMs >= seconds * 1000) {
    return { by: 'seconds', reason: `${String(seconds)} s of training are over` };
  }
  return undefined;
}

function judgeTarget({ target }: UntilSettings, summary: Summary | undefined): Verdict | undefined {
  if (target === undefined || summary === undefined) return undefined;
  const { metric, atLeast = -Infinity, atMost = Infinity } = target;
  const value = metric === 'loss' ? summary.loss : summary.metrics[metric];
  if (value === undefined || Number.isNaN(value) || value < atLeast || value > atMost)
    return undefined;
  const bound =
    target.atLeast === undefined ? `at most ${String(atMost)}` : `at least ${String(atLeast)}`;
  return { by: 'target', reason: `${metric} is ${String(value)}: ${bound}` };
}
