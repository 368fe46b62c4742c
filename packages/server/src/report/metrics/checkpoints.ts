import type { ServerMetric } from './define.ts';
import { inSeconds, one } from './define.ts';

/** Whether what was learnt is safe. */
export const checkpointMetrics: readonly ServerMetric[] = [
  one('gauge', 'paceline_checkpoint_step', {
    help: 'Step of the newest checkpoint on disk.',
    read: ({ state }) => state.checkpoints.written,
  }),
  one('gauge', 'paceline_checkpoint_age_seconds', {
    help: 'Time since the newest checkpoint came to the disk: what a crash now would cost at most.',
    read: ({ checkpointAgeMs }) => inSeconds(checkpointAgeMs),
  }),
  one('gauge', 'paceline_checkpoint_duration_seconds', {
    help: 'How long the last checkpoint took to write, in the background.',
    read: ({ state }) => inSeconds(state.checkpoints.disk.tookMs),
  }),
  one('counter', 'paceline_checkpoints_total', {
    help: 'Checkpoints that this server wrote.',
    read: ({ state }) => state.checkpoints.disk.taken,
  }),
  one('counter', 'paceline_checkpoint_failures_total', {
    help: 'Checkpoints that the disk refused, or did not take in time.',
    read: ({ state }) => state.checkpoints.disk.refused,
  }),
];
