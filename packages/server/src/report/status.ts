import type { StatusReport } from '../options.ts';
import type { RunState } from '../run/state.ts';
import { describeWait, listWaits } from '../run/waits.ts';

/** A run at one moment, in words and numbers. Pure. */
export function reportStatus(
  state: RunState,
  o: {
    readonly run: string;
    readonly nowMs: number;
    readonly counters: Readonly<Record<string, number>>;
    readonly traffic: StatusReport['traffic'];
    readonly refusals: StatusReport['refusals'];
  },
): StatusReport {
  const total = state.shape?.totalSteps;
  return {
    job: state.config.settings.name,
    run: o.run,
    term: state.config.term,
    phase: state.phase,
    step: state.version,
    totalSteps: total === undefined || !Number.isFinite(total) ? null : total,
    skippedSteps: state.skippedSteps,
    loss: state.lastLoss ?? null,
    metrics: state.lastMetrics,
    workers: [...state.members.values()].map(({ name, pid, stage, phase, lease, leafMicros }) => ({
      name,
      pid,
      stage,
      leafMs: leafMicros === undefined ? null : leafMicros / 1000,
      phase,
      lease: lease === undefined ? 'none' : `${String(lease.first)}..${String(lease.end - 1)}`,
    })),
    waits: listWaits(state).map((wait) => describeWait(wait, o.nowMs)),
    counters: o.counters,
    traffic: o.traffic,
    refusals: o.refusals,
  };
}
