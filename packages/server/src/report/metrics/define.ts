import type { RefusalReason } from '@paceline/protocol';
import type { Metric, Sample } from '@paceline/telemetry';
import type { Traffic } from '../../connections/traffic.ts';
import type { RunState } from '../../run/state.ts';
import type { TimeSpent } from '../goodput.ts';

/** All that the metrics of a server are read from: what it knows anyway, at one moment. */
export interface MetricFacts {
  readonly state: RunState;
  readonly run: string;
  readonly nowMs: number;
  /** Where this server began: what was done before is not its own doing. */
  readonly before: { readonly step: number; readonly examples: number };
  readonly counters: Readonly<Record<string, number>>;
  readonly refusals: Readonly<Partial<Record<RefusalReason, number>>>;
  readonly traffic: Traffic;
  readonly spentMs: TimeSpent;
  /** Since the state in the newest checkpoint was written; undefined where there is none. */
  readonly checkpointAgeMs: number | undefined;
}

/** A metric of a server. */
export type ServerMetric = Metric<MetricFacts>;

/** A number without labels; none where it is undefined. */
export function one(
  kind: ServerMetric['kind'],
  name: string,
  o: { readonly help: string; readonly read: (facts: MetricFacts) => number | undefined },
): ServerMetric {
  const read = (facts: MetricFacts): readonly Sample[] => {
    const value = o.read(facts);
    return value === undefined ? [] : [{ value }];
  };
  return { kind, name, help: o.help, labels: [], read };
}

/** A number for each value of a label, which must come from a list that nobody outside can lengthen. */
export function each(
  kind: ServerMetric['kind'],
  name: string,
  o: {
    readonly help: string;
    readonly by: string;
    readonly read: (facts: MetricFacts) => Readonly<Record<string, number>>;
  },
): ServerMetric {
  const read = (facts: MetricFacts): readonly Sample[] =>
    Object.entries(o.read(facts)).map(([key, value]) => ({ value, labels: { [o.by]: key } }));
  return { kind, name, help: o.help, labels: [o.by], read };
}

/** Milliseconds as Prometheus wants them. */
export function inSeconds(ms: number | undefined): number | undefined {
  return ms === undefined ? undefined : ms / 1000;
}
