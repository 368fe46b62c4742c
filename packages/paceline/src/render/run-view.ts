import type { RunEvent } from '@paceline/protocol';

/** What is known of a run from its events so far: everything a progress line or a summary shows. */
export interface RunView {
  readonly job?: string;
  /** Steps of the whole run, when the server said so. */
  readonly totalSteps?: number;
  readonly step: number;
  readonly epoch: number;
  readonly loss?: number;
  readonly metrics: Readonly<Record<string, number>>;
  readonly examplesPerSecond: number;
  readonly workers: number;
  /** Why no steps are made at present, when that is known. */
  readonly halt?: 'hold' | 'server down';
  /** When (ms, the caller's clock) and at which step the newest unbroken stretch of steps began. */
  readonly pace?: { readonly sinceMs: number; readonly fromStep: number };
  /** All of them, in order. */
  readonly evaluations: readonly Extract<RunEvent, { type: 'evaluation' }>[];
  readonly start?: Extract<RunEvent, { type: 'start' }>;
  readonly end?: Extract<RunEvent, { type: 'end' }>;
}

/** Before the first event. */
export const emptyRunView: RunView = {
  step: 0,
  epoch: 0,
  metrics: {},
  evaluations: [],
  examplesPerSecond: 0,
  workers: 0,
};

/** The view after one more event; `nowMs` is when it came, on any monotonic clock. */
export function nextRunView(view: RunView, event: RunEvent, nowMs: number): RunView {
  switch (event.type) {
    case 'start':
      return {
        ...goingOn(view),
        job: event.job,
        start: event,
        ...(event.resumedAt === undefined ? {} : { step: event.resumedAt }),
        ...(event.totalSteps == null ? {} : { totalSteps: event.totalSteps }),
      };
    case 'step':
      return {
        ...goingOn(view),
        step: event.step,
        epoch: event.epoch,
        loss: event.loss,
        metrics: event.metrics,
        examplesPerSecond: event.examplesPerSecond,
        workers: event.workers,
        pace: paceAfter(view, event.step, nowMs),
      };
    case 'hold':
      return { ...withoutPace(view), step: event.step, halt: 'hold' };
    case 'worker':
      return { ...view, workers: workersAfter(view.workers, event.event) };
    case 'server':
      // Its workers come again, and are counted again.
      return event.event === 'crashed'
        ? { ...withoutPace(view), workers: 0, halt: 'server down' }
        : view;
    case 'evaluation':
      return { ...view, evaluations: [...view.evaluations, event] };
    case 'end':
      return { ...view, end: event };
    default:
      return view;
  }
}

function goingOn({ halt: _, ...view }: RunView): RunView {
  return view;
}

/** Time without steps says nothing about how long the rest takes. */
function withoutPace({ pace: _, ...view }: RunView): RunView {
  return view;
}

/** Seconds until the last step at the pace so far; `undefined` while there is nothing to go by. */
export function secondsLeft(view: RunView, nowMs: number): number | undefined {
  if (view.totalSteps === undefined || view.pace === undefined) return undefined;
  const steps = view.step - view.pace.fromStep;
  const elapsedMs = nowMs - view.pace.sinceMs;
  if (steps <= 0 || elapsedMs <= 0) return undefined;
  return ((view.totalSteps - view.step) * elapsedMs) / steps / 1000;
}

// A roll-back makes the step number fall: the pace is measured anew from there.
function paceAfter(view: RunView, step: number, nowMs: number): NonNullable<RunView['pace']> {
  const { pace } = view;
  return pace === undefined || step < view.step ? { sinceMs: nowMs, fromStep: step } : pace;
}

function workersAfter(workers: number, what: string): number {
  if (what === 'joined') return workers + 1;
  return what === 'left' || what === 'quarantined' ? Math.max(0, workers - 1) : workers;
}
