import type { Clock } from '@paceline/telemetry';
import type { CheckpointImage } from '../../checkpoint/storage.ts';
import type { Peers } from '../../connections/peers.ts';
import type { Refusals } from '../../connections/refusals.ts';
import type { Executor } from '../../executor.ts';
import { examplesDone } from '../outcome.ts';
import type { Goodput } from '../goodput.ts';
import type { MetricFacts } from './define.ts';

/** Makes the function that gathers what the metrics are read from. Call it before the run goes on. */
export function metricReader(
  executor: Executor,
  o: {
    readonly run: string;
    readonly clock: Clock;
    readonly refusals: Refusals;
    readonly peers: Peers;
    readonly goodput: Goodput;
    /** The checkpoint that the run goes on from. */
    readonly image: CheckpointImage | undefined;
  },
): () => MetricFacts {
  const { clock, image } = o;
  const before = { step: executor.state.version, examples: examplesDone(executor.state) };
  return () => {
    const { state, counters } = executor;
    const nowMs = clock.now();
    const { takenAtMs } = state.checkpoints.disk;
    const restoredAgeMs = image && Math.max(0, clock.wallMs() - image.facts.createdAtMs);
    return {
      ...{ state, counters, nowMs, before },
      run: o.run,
      refusals: o.refusals.counts,
      traffic: o.peers.traffic,
      spentMs: o.goodput.spentMs(nowMs),
      checkpointAgeMs: takenAtMs === undefined ? restoredAgeMs : nowMs - takenAtMs,
    };
  };
}
