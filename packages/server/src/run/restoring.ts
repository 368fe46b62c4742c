import type { JsonObject } from '@paceline/protocol';
import type { CheckpointImage } from '../checkpoint/storage.ts';
import type { CheckpointInterval } from '../checkpoint/interval.ts';
import { createInterval } from '../checkpoint/interval.ts';
import { planVersion } from './planning.ts';
import { isEvaluationDue, shapeOfRun } from './shape.ts';
import type { RunConfig, RunState, Summary } from './state.ts';
import { initialRunState } from './state.ts';
import type { Turn } from './turn.ts';
import { act, log } from './turn.ts';

/** The state of a run that goes on from a checkpoint; its numbers are in the store already. Pure. */
export function restoredRunState(
  config: RunConfig,
  { facts, sections }: Pick<CheckpointImage, 'facts' | 'sections'>,
  nowMs: number,
): RunState {
  const fresh = initialRunState(config, nowMs);
  const { step } = facts;
  const progress = sections['progress'] ?? {};
  const evaluation = asSummary(progress['evaluation']);
  const interval = restoredInterval(config, progress, { nowMs, step });
  return {
    ...fresh,
    shape: shapeOfRun(facts.layout, config.settings),
    // An endless run has no number for it.
    plannedSteps: asNumber(sections['plan']?.['totalSteps']) ?? Infinity,
    sealed: true,
    version: step,
    ...restoredObservations(sections['observed'] ?? {}),
    training: { sinceMs: undefined, beforeMs: asNumber(progress['trainedMs']) ?? 0 },
    skippedSteps: asNumber(progress['skippedSteps']) ?? 0,
    evaluated: asNumber(progress['evaluated']),
    evaluation,
    resumed: new Set(asNumbers(progress['resumed'])),
    lastLoss: asNumber(progress['lastLoss']),
    lastMetrics: asMetrics(progress['lastMetrics']),
    checkpoints: { ...fresh.checkpoints, interval, written: step },
    report: { atMs: nowMs, step, examples: 0 },
  };
}

function restoredObservations(
  observed: JsonObject,
): Pick<RunState, 'best' | 'plateau' | 'epochSums' | 'convergence'> {
  const [best, plateau] = [asObject(observed['best']), asObject(observed['plateau'])];
  const convergence = asObject(observed['convergence']);
  return {
    best: {
      best: asNumber(best['value']),
      waited: asNumber(best['waited']) ?? 0,
      of: asText(best['of']),
      step: asNumber(best['step']),
      summary: asSummary(best['summary']),
    },
    plateau: {
      best: asNumber(plateau['best']),
      waited: asNumber(plateau['waited']) ?? 0,
      factor: asNumber(plateau['factor']) ?? 1,
      cooldown: asNumber(plateau['cooldown']) ?? 0,
    },
    epochSums: asNumbers(observed['epochSums']),
    convergence: {
      of: asText(convergence['of']),
      smoothed: asNumber(convergence['smoothed']),
      calmSteps: asNumber(convergence['calmSteps']) ?? 0,
    },
  };
}

/** A run that had not said its end has failed once more: that shortens the interval (Young 1974). */
function restoredInterval(
  config: RunConfig,
  progress: JsonObject,
  at: { readonly nowMs: number; readonly step: number },
): CheckpointInterval {
  const crashes = typeof progress['ended'] === 'string' ? 0 : 1;
  const failures = (asNumber(progress['failures']) ?? 0) + crashes;
  return createInterval(config.settings.checkpoint, { ...at, failures });
}

/** The run says where it goes on. One that has nothing left to do ends at once, without any worker. */
export function receiveRestored(turn: Turn): void {
  const { shape, version, config, evaluated } = turn.state;
  if (shape === undefined) return;
  act(turn, { kind: 'begin' });
  log(turn, 'info', `goes on from the checkpoint of step ${String(version)}`);
  const isEvaluated = evaluated === version || !isEvaluationDue(shape, config.settings, version);
  if (version >= shape.totalSteps && isEvaluated) planVersion(turn);
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function asObject(value: unknown): JsonObject {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function asNumbers(value: unknown): readonly number[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === 'number') : [];
}

function asNumber(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

function asMetrics(value: unknown): Readonly<Record<string, number>> {
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(
    Object.entries(value).filter(
      (entry): entry is [string, number] => typeof entry[1] === 'number',
    ),
  );
}

function asSummary(value: unknown): Summary | undefined {
  if (typeof value !== 'object' || value === null || !('loss' in value)) return undefined;
  const metrics = 'metrics' in value ? asMetrics(value.metrics) : {};
  return { loss: asNumber(value.loss) ?? NaN, metrics };
}
