import { observePlateau } from '@paceline/math';
import { summarise } from '@paceline/protocol';
import type { Round } from '../leases/round.ts';
import { observeChange } from '../stopping/convergence.ts';
import { observeBest } from '../stopping/early-stopping.ts';
import { valueOf } from '../stopping/value-of.ts';
import { isEpochEnd } from './shape.ts';
import type { RunShape, RunState, Summary } from './state.ts';
import type { Turn } from './turn.ts';
import { act, change, log } from './turn.ts';

/**
 * A version was evaluated, or where there is no test data an epoch is over: whoever waits for something better (the schedule, early
 * stopping) sees it.
 */
export function observeVersion(
  turn: Turn,
  found: { readonly step: number; readonly summary: Summary },
): void {
  observeForSchedule(turn, found);
  const { earlyStopping } = turn.state.config.settings.until;
  if (earlyStopping === undefined) return;
  const best = observeBest(turn.state.best, found, earlyStopping);
  change(turn, { best });
  if (best.step === found.step) act(turn, { kind: 'keep-best', version: found.step });
}

/** A step is done: its loss and gradient are looked at, and its epoch when that is over. */
export function observeStep(turn: Turn, shape: RunShape, round: Round): void {
  const { convergence, lastLoss: loss = NaN, lastMetrics: metrics, config } = turn.state;
  const { converged } = config.settings.until;
  if (converged !== undefined) {
    const value = valueOf({ loss, metrics }, converged.of);
    change(turn, { convergence: observeChange(convergence, value, converged) });
  }
  addToEpoch(turn, shape, round);
}

/** Adds a step to its epoch, and looks at the epoch when it is over. Only where nothing else is looked at. */
function addToEpoch(turn: Turn, shape: RunShape, { version, scalars, isSkipped }: Round): void {
  if (scalars === undefined || !watchesEpochs(turn.state, shape)) return;
  const before = turn.state.epochSums;
  const sums = isSkipped ? before : Array.from(scalars, (value, i) => value + (before[i] ?? 0));
  const step = version + 1;
  if (!isEpochEnd(shape, step)) return change(turn, { epochSums: sums });
  change(turn, { epochSums: [] });
  observeVersion(turn, { step, summary: summarise(shape.layout.scalars, sums) });
}

function watchesEpochs({ config: { settings } }: RunState, { testExamples }: RunShape): boolean {
  if (testExamples > 0) return false;
  const { schedule, until } = settings;
  return schedule.type === 'reduce-on-plateau' || until.earlyStopping !== undefined;
}

function observeForSchedule(turn: Turn, { summary }: { readonly summary: Summary }): void {
  const { schedule, optimizer } = turn.state.config.settings;
  if (schedule.type !== 'reduce-on-plateau') return;
  const before = turn.state.plateau;
  const plateau = observePlateau(before, valueOf(summary, schedule.metric), schedule);
  change(turn, { plateau });
  if (plateau.factor === before.factor) return;
  const rate = String(optimizer.learningRate * plateau.factor);
  const words = `${schedule.metric} is not better than ${String(plateau.best)} any more`;
  log(turn, 'info', `learning rate ${rate}, as ${words}`);
}
