import type { RunEvent } from '@paceline/protocol';
import type { ReportEffect } from '../executor.ts';
import type { Goodput } from './goodput.ts';
import type { RunSummary, ServerOptions } from '../options.ts';
import { createRecorder, describeEnd, examplesDone } from './outcome.ts';
import type { RunState } from '../run/state.ts';
import type { ParameterStore } from '../store/parameter-store.ts';

/** The run's voice: what goes to the outside world, to the log, and to disk. */
export interface Reporter {
  /** Where others reach the server, and what it listens on, once it does. */
  readonly announce: (url: string, address: string) => void;
  /** The server does not listen any more. */
  readonly takeLeave: () => void;
  readonly report: (
    effect: ReportEffect,
    state: RunState,
    store: ParameterStore | undefined,
  ) => void;
}

/** Turns reports of the run into events, log lines, and files. A disk that fails is an alarm, not the end. */
export function createReporter(
  options: ServerOptions,
  o: {
    readonly run: string;
    readonly goodput: Goodput;
    readonly ended: (summary: RunSummary) => void;
  },
): Reporter {
  const { clock, logger, onEvent } = options;
  const recorder = createRecorder(options);
  const server = { type: 'server', shard: 0, pid: process.pid } as const;
  let url = '';
  /** When training began, and the examples that earlier lives had done. */
  let began: { readonly atMs: number; readonly examples: number } | undefined;
  const emit = (event: RunEvent): void => {
    recorder.record(event);
    onEvent(event);
  };
  const attempt = <T>(what: string, act: () => T): T | undefined => {
    try {
      return act();
    } catch (error) {
      const detail = `${what} failed: ${error instanceof Error ? error.message : String(error)}`;
      logger.error({ error }, detail);
      emit({ type: 'fault', kind: 'disk', detail });
      return undefined;
    }
  };
  const report: Reporter['report'] = (effect, state, store) => {
    if (effect.kind === 'log') {
      logger[effect.level]({}, effect.text);
    } else if (effect.kind === 'emit') {
      emit(effect.event);
    } else if (effect.kind === 'begin') {
      began = { atMs: clock.now(), examples: examplesDone(state) };
      emit(describeStart(options, state, url));
    } else {
      const isWorthSaving = store !== undefined && state.sealed && effect.end.status !== 'failed';
      const model = isWorthSaving
        ? attempt('saving the model', () => recorder.model(store, state))
        : undefined;
      const nowMs = clock.now();
      const { atMs, examples } = began ?? { atMs: nowMs, examples: 0 };
      const pace = { trainingMs: nowMs - atMs, examplesBefore: examples };
      const facts = { state, store, goodput: o.goodput, ...pace, nowMs, model };
      const end = describeEnd({ end: effect.end, ...facts });
      emit(end);
      o.ended({ status: effect.end.status, message: effect.end.reason, end });
    }
  };
  return {
    report,
    announce: (value, address) => {
      url = value;
      emit({ ...server, event: 'started', url, address });
    },
    takeLeave: () => emit({ ...server, event: 'stopped' }),
  };
}

function describeStart(options: ServerOptions, state: RunState, url: string): RunEvent {
  const layout = state.shape?.layout;
  const sizes = (layout?.tensors ?? [])
    .filter((tensor) => tensor.section === 'trainable')
    .map((tensor) => tensor.shape.reduce((size, dimension) => size * dimension, 1));
  const { settings } = options.job;
  return {
    type: 'start',
    job: settings.name,
    parameters: sizes.reduce((sum, size) => sum + size, 0),
    microbatches: settings.microbatches,
    totalSteps: state.shape?.totalSteps ?? null,
    backend: layout?.backend ?? settings.backend,
    reproducibility: settings.reproducibility === 'none' ? 'none' : (layout?.level ?? 'none'),
    url,
    ...(state.checkpoints.written === undefined ? {} : { resumedAt: state.version }),
  };
}
