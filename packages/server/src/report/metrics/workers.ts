import { membersIn } from '../../membership/members.ts';
import { listWaits } from '../../run/waits.ts';
import type { MetricFacts, ServerMetric } from './define.ts';
import { each, inSeconds, one } from './define.ts';

/** Who is here, and for how long somebody is waited for. Names of workers are no labels: those are in /status.json. */
export const workerMetrics: readonly ServerMetric[] = [
  each('gauge', 'paceline_workers', {
    help: 'Connected workers by state: strangers said no hello yet, preparing ones build their model, ready ones wait for parameters, active ones compute.',
    by: 'state',
    read: ({ state: { members, strangers } }) => ({
      stranger: strangers.size,
      preparing: membersIn(members, 'preparing').length,
      ready: membersIn(members, 'ready').length,
      active: membersIn(members, 'active').length,
    }),
  }),
  one('gauge', 'paceline_workers_behind', {
    help: 'Active workers whose socket does not drain: they get no parameters until it has.',
    read: ({ state }) => [...state.members.values()].filter(({ isBehind }) => isBehind).length,
  }),
  one('gauge', 'paceline_workers_least', {
    help: 'Ready workers with which training begins (--min-workers).',
    read: ({ state }) => state.config.minWorkers,
  }),
  one('gauge', 'paceline_workers_wanted', {
    help: 'Workers that the operator asked for (paceline scale); absent before.',
    read: ({ state }) => state.wantedWorkers,
  }),
  one('gauge', 'paceline_waits', {
    help: 'For how many (workers, the disk, the operator) the run waits; `paceline status` says for whom.',
    read: ({ state }) => listWaits(state).length,
  }),
  one('gauge', 'paceline_longest_wait_seconds', {
    help: 'For how long the oldest of these waits has lasted; 0 without one.',
    read: (facts) => inSeconds(longestWaitMs(facts)),
  }),
];

function longestWaitMs({ state, nowMs }: MetricFacts): number {
  return Math.max(0, ...listWaits(state).map(({ sinceMs }) => nowMs - sinceMs));
}
