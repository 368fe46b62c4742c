import { setTimeout as sleep } from 'node:timers/promises';

import { readTimeline } from '@paceline/telemetry';

import type { ModelBenchmark } from './board/model-benchmark.ts';
import { startPaceline } from './contestants/paceline.ts';
import type { RunControl } from './contestants/run-control.ts';
import { micros } from './measure/micros.ts';
import { phasesOf } from './measure/phases.ts';
import type { Phases } from './measure/phases.ts';
import { openTemporaryFolder } from './temporary-folder.ts';

/** What a step is made of. */
export interface StepParts {
  readonly phases: Phases;
  /** Bytes of messages that the server received and sent for a step, for all workers. */
  readonly bytesPerStep: number;
  /** Trainable parameters of the model. */
  readonly parameters: number;
}

/** Threads write their timelines every second. */
const flushMs = 1200;

/** Looks into one more block, of a run that keeps a timeline: so that keeping it costs the blocks that are compared nothing. */
export async function measureSteps(
  benchmark: ModelBenchmark,
  control: RunControl,
): Promise<StepParts> {
  await using folder = await openTemporaryFolder();
  const timeline = { timelineFolder: folder.path };
  await using run = await startPaceline({ benchmark, workers: 2, blocks: 1, control, ...timeline });
  const [before, fromMicros] = [await control.traffic(run.url), micros()];
  const { steps } = await run.block();
  const [toMicros, after] = [micros(), await control.traffic(run.url)];
  await sleep(flushMs);
  const bytes = after.receivedBytes - before.receivedBytes + (after.sentBytes - before.sentBytes);
  return {
    phases: phasesOf(readTimeline(folder.path), { fromMicros, toMicros, steps }),
    bytesPerStep: Math.round(bytes / steps),
    parameters: run.parameters,
  };
}
