import type { CheckpointSettings } from '@paceline/protocol';

export interface IntervalState {
  readonly settings: CheckpointSettings;
  readonly step: number;
  readonly atMs: number;
}
export function createInterval(
  settings: CheckpointSettings,
  o: { nowMs: number; step: number },
): IntervalState {
  return { settings, step: o.step, atMs: o.nowMs };
}
export function isCheckpointDue(state: IntervalState, o: { step: number; nowMs: number }): boolean {
  const { everySteps } = state.settings;
  return everySteps === undefined
    ? o.nowMs - state.atMs > 10_000
    : o.step - state.step >= everySteps;
}
export function afterCheckpoint(
  state: IntervalState,
  o: { nowMs: number; step: number; tookMs: number },
): IntervalState {
  return { ...state, step: o.step, atMs: o.nowMs };
}
export function afterFailure(state: IntervalState): IntervalState {
  return state;
}
