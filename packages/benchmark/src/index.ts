export { benchJoin } from './bench-join.ts';
export { benchModel } from './bench-model.ts';
export { benchStart } from './bench-start.ts';
export { models } from './board/models.ts';

export type { BenchJoinOptions } from './bench-join.ts';
export type { BenchOptions, ContestantResult, ModelResult } from './bench-model.ts';
export type { BenchStartOptions } from './bench-start.ts';
export type { Goal, LimitGoal, RatioGoal, Standing } from './board/goals.ts';
export type { LatencyResult } from './board/latency-result.ts';
export type { ModelBenchmark } from './board/model-benchmark.ts';
export type { Row } from './board/row.ts';
export type { Absent } from './contestants/contestant.ts';
export type { RunControl, Traffic } from './contestants/run-control.ts';
export type { Figure } from './measure/statistics.ts';
