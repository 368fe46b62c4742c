import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { RunEvent } from '@paceline/protocol';
import { locateStep } from '@paceline/math';
import { encodeEvent } from '@paceline/protocol';
import { saveModel } from '../checkpoint/model.ts';
import type { Goodput, TimeSpent } from './goodput.ts';
import type { RunSummary, ServerOptions } from '../options.ts';
import type { RunEnd, RunState } from '../run/state.ts';
import { givesBest } from '../stopping/early-stopping.ts';
import type { WhichWeights } from '../store/model-weights.ts';
import type { ParameterStore } from '../store/parameter-store.ts';

type EndEvent = RunSummary['end'];

/** Writes what a run leaves behind: events, checkpoints, the model. */
export interface Recorder {
  /** Appends an event to `events.ndjson`. */
  record(event: RunEvent): void;
  /** Saves the model; its folder, or undefined where the run keeps none. */
  model(store: ParameterStore, state: RunState): string | undefined;
}

/** Opens the run's folder for writing. */
export function createRecorder({ out }: ServerOptions): Recorder {
  if (out !== undefined) mkdirSync(out, { recursive: true });
  return {
    record(event) {
      if (out !== undefined) appendFileSync(join(out, 'events.ndjson'), `${encodeEvent(event)}\n`);
    },
    model(store, state) {
      if (out === undefined) return undefined;
      const folder = join(out, 'model');
      saveModel(folder, {
        store,
        which: resultOf(state),
        topology: state.shape?.layout.topology ?? null,
        generatedBy: 'paceline',
      });
      return folder;
    },
  };
}

/** The `end` event of a run. */
export function describeEnd(o: {
  readonly end: RunEnd;
  readonly state: RunState;
  readonly store: ParameterStore | undefined;
  readonly goodput: Goodput;
  readonly trainingMs: number;
  /** Examples of steps that were not made in that time. */
  readonly examplesBefore: number;
  readonly nowMs: number;
  readonly model: string | undefined;
}): EndEvent {
  const { state, store } = o;
  const which = resultOf(state);
  const sealed = store !== undefined && state.sealed;
  const hasState = sealed && store.layout.sections.state.length > 0;
  const seconds = Math.max(o.trainingMs, 1) / 1000;
  return {
    type: 'end',
    status: o.end.status,
    steps: state.version,
    loss: state.lastLoss ?? null,
    metrics: metricsOf(state, which),
    ...(sealed ? { weightsSha256: store.digest(['trainable'], which) } : {}),
    ...(hasState ? { stateSha256: store.digest(['state'], which) } : {}),
    examplesPerSecond: Math.round((examplesDone(state) - o.examplesBefore) / seconds),
    wallSeconds: Math.round(totalOf(o.goodput.spentMs(o.nowMs))) / 1000,
    goodput: o.goodput.fractions(o.nowMs),
    ...(o.model === undefined ? {} : { model: o.model }),
    ...(o.end.status === 'finished' ? {} : { reason: o.end.reason }),
    ...(o.end.by === undefined ? {} : { endedBy: o.end.by }),
    ...(which === 'best' ? { bestStep: state.best.step ?? 0 } : {}),
  };
}

/** Which weights a run gives: the best ones, where it finished and was to restore them, else the last. */
function resultOf({ config, best, end, version }: RunState): WhichWeights {
  const isBest = givesBest(config.settings.until, end?.status) && best.step !== undefined;
  return isBest ? 'best' : version;
}

function metricsOf(state: RunState, which: WhichWeights): EndEvent['metrics'] {
  const { best, evaluation, lastMetrics } = state;
  const summary = which === 'best' ? best.summary : evaluation;
  return summary?.metrics ?? lastMetrics;
}

function totalOf(spent: TimeSpent): number {
  return Object.values(spent).reduce((sum, ms) => sum + ms, 0);
}

/** Examples of all steps so far. */
export function examplesDone({ version, shape }: RunState): number {
  if (shape === undefined) return 0;
  const { epoch, offset } = locateStep(shape.batches, version);
  return epoch * shape.examples + offset;
}
