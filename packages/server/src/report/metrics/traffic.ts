import { refusals } from '@paceline/protocol';
import type { ServerMetric } from './define.ts';
import { each, one } from './define.ts';

/** What goes in and out, and what was turned away. */
export const trafficMetrics: readonly ServerMetric[] = [
  one('counter', 'paceline_received_bytes_total', {
    help: 'Bytes of messages from workers.',
    read: ({ traffic }) => traffic.receivedBytes,
  }),
  one('counter', 'paceline_sent_bytes_total', {
    help: 'Bytes of messages to workers.',
    read: ({ traffic }) => traffic.sentBytes,
  }),
  counted('paceline_nodes_total', 'nodes', 'Partial sums of gradients that were taken in.'),
  counted(
    'paceline_duplicate_nodes_total',
    'duplicate',
    'Partial sums that somebody else had sent already.',
  ),
  counted('paceline_late_nodes_total', 'late', 'Partial sums of a step that was over.'),
  counted('paceline_violations_total', 'violation', 'Messages of workers that broke the protocol.'),
  each('counter', 'paceline_refusals_total', {
    help: 'What was turned away, by reason; the reasons are in docs/protocol.md.',
    by: 'reason',
    read: ({ refusals: counts }) =>
      Object.fromEntries(refusals.map(({ reason }) => [reason, counts[reason] ?? 0])),
  }),
];

function counted(name: string, counter: string, help: string): ServerMetric {
  return one('counter', name, { help, read: ({ counters }) => counters[counter] ?? 0 });
}
