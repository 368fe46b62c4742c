import { checkpointMetrics } from './checkpoints.ts';
import type { ServerMetric } from './define.ts';
import { progressMetrics } from './progress.ts';
import { trafficMetrics } from './traffic.ts';
import { workerMetrics } from './workers.ts';

/** Everything that `/metrics` of a server says of the run, in the order of docs/metrics.md. */
export const serverMetrics: readonly ServerMetric[] = [
  ...progressMetrics,
  ...workerMetrics,
  ...checkpointMetrics,
  ...trafficMetrics,
];
