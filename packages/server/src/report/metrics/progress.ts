import { examplesDone } from '../outcome.ts';
import type { RunPhase } from '../../run/state.ts';
import type { ServerMetric } from './define.ts';
import { each, one } from './define.ts';

const phases: readonly RunPhase[] = [
  'forming',
  'initial',
  'training',
  'evaluating',
  'holding',
  'over',
];

/** Where the run is, and what the model has learnt. */
export const progressMetrics: readonly ServerMetric[] = [
  {
    kind: 'gauge',
    name: 'paceline_run_info',
    help: 'Always 1; its labels say which run this is.',
    labels: ['job_name', 'run'],
    read: ({ state, run }) => [{ value: 1, labels: { job_name: state.config.settings.name, run } }],
  },
  one('gauge', 'paceline_run_term', {
    help: 'Which life of the run this is: it grows with every start of the server from a checkpoint.',
    read: ({ state }) => state.config.term,
  }),
  each('gauge', 'paceline_run_phase', {
    help: '1 for the phase that the run is in, 0 for the others.',
    by: 'phase',
    read: ({ state }) =>
      Object.fromEntries(phases.map((phase) => [phase, phase === state.phase ? 1 : 0])),
  }),
  one('gauge', 'paceline_step', {
    help: 'Steps done, those of earlier lives included: the version of the parameters.',
    read: ({ state }) => state.version,
  }),
  one('gauge', 'paceline_planned_steps', {
    help: 'Steps that the run is going to make; absent when only a stop rule ends it.',
    read: ({ state }) => finite(state.shape?.totalSteps),
  }),
  one('gauge', 'paceline_epochs', {
    help: 'Epochs done, with the part of the present one.',
    read: ({ state }) =>
      state.shape === undefined ? undefined : examplesDone(state) / state.shape.examples,
  }),
  one('counter', 'paceline_updates_total', {
    help: 'Optimizer updates that this server made, steps done again after a crash included.',
    read: ({ state, before }) => Math.max(0, state.version - before.step),
  }),
  one('counter', 'paceline_examples_total', {
    help: 'Examples in the updates that this server made.',
    read: ({ state, before }) => Math.max(0, examplesDone(state) - before.examples),
  }),
  one('gauge', 'paceline_loss', {
    help: 'Training loss of the last step.',
    read: ({ state }) => state.lastLoss,
  }),
  each('gauge', 'paceline_training_metric', {
    help: 'The metrics of the job over the examples of the last step.',
    by: 'metric',
    read: ({ state }) => state.lastMetrics,
  }),
  one('gauge', 'paceline_evaluation_loss', {
    help: 'Loss on the test split at the last evaluation.',
    read: ({ state }) => state.evaluation?.loss,
  }),
  each('gauge', 'paceline_evaluation_metric', {
    help: 'The metrics of the job on the test split at the last evaluation.',
    by: 'metric',
    read: ({ state }) => state.evaluation?.metrics ?? {},
  }),
  each('gauge', 'paceline_run_seconds', {
    help: 'Wall time of the run by what it went to, earlier lives and the time in between (down) included.',
    by: 'category',
    read: ({ spentMs }) =>
      Object.fromEntries(Object.entries(spentMs).map(([key, ms]) => [key, ms / 1000])),
  }),
];

function finite(value: number | undefined): number | undefined {
  return value !== undefined && Number.isFinite(value) ? value : undefined;
}
