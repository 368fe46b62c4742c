import { createOptimizer } from '@paceline/math';
import type { OwnSchedule } from '@paceline/math';
import type { Beginning } from './beginning.ts';
import type { ServerOptions } from './options.ts';
import { watchesGradientNorm } from './stopping/gradient-norm.ts';
import { syncPolicy } from './policy/sync.ts';
import type { Deadlines, RunConfig } from './run/state.ts';

const defaultDeadlines: Deadlines = {
  helloMs: 10_000,
  prepareMs: 180_000,
  initialMs: 60_000,
  silenceMs: 15_000,
  heartbeatMs: 500,
  stuckMs: 120_000,
  checkpointMs: 60_000,
};

/** What never changes while the server lives. Pure. */
export function planConfig(
  options: ServerOptions,
  { start, history }: Pick<Beginning, 'start' | 'history'>,
): RunConfig {
  const { settings } = options.job;
  return {
    settings,
    // Parsed: it is a function, if anything.
    ownSchedule: options.job.functions.schedule as OwnSchedule | undefined,
    policy: syncPolicy,
    minWorkers: options.minWorkers ?? 1,
    maxWorkers: options.maxWorkers ?? Infinity,
    holdAt: options.holdAt ?? [],
    everySteps: options.everySteps ?? 10,
    term: start.term,
    keepsCheckpoints: options.storage !== undefined,
    doneBefore: history.highestStep,
    isWholeVector:
      createOptimizer(settings.optimizer).passes.length > 1 || watchesGradientNorm(settings.until),
    deadlines: { ...defaultDeadlines, ...options.deadlines },
  };
}
