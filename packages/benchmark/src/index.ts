export { benchModel } from './bench-model.ts';
export { models } from './board/models.ts';

export type { BenchOptions, ContestantResult, ModelResult, Row } from './bench-model.ts';
export type { Goal, Standing } from './board/goals.ts';
export type { ModelBenchmark } from './board/model-benchmark.ts';
export type { Absent } from './contestants/contestant.ts';
export type { Figure } from './measure/statistics.ts';
