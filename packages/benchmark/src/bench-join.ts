import { setTimeout as sleep } from 'node:timers/promises';

import type { RunEvent } from '@paceline/protocol';
import { readTimeline } from '@paceline/telemetry';

import { goals } from './board/goals.ts';
import type { LatencyResult } from './board/latency-result.ts';
import { models } from './board/models.ts';
import { rowOf } from './board/row.ts';
import { startBenchRun } from './contestants/bench-run.ts';
import type { RunControl } from './contestants/run-control.ts';
import { micros } from './measure/micros.ts';
import { openTemporaryFolder } from './temporary-folder.ts';

/** How joining is measured. */
export interface BenchJoinOptions {
  readonly rounds: number;
  readonly control: RunControl;
  readonly onProgress: (line: string) => void;
}

const pollMs = 200;
const patienceMs = 60_000;

/** `mlp` trains with one worker; again and again a second one is asked for, and timed until it has pushed a gradient. */
export async function benchJoin(options: BenchJoinOptions): Promise<LatencyResult> {
  const seconds: number[] = [];
  for (let round = 0; round <= options.rounds; round += 1) {
    const took = await timeJoin(options.control);
    options.onProgress(`round ${round}: ${took.toFixed(2)} s to the first gradient`);
    if (round > 0) seconds.push(took);
  }
  const rows = (goals['join'] ?? []).map((goal) => rowOf(goal, seconds));
  return { type: 'bench', name: 'join', rows };
}

async function timeJoin(control: RunControl): Promise<number> {
  const benchmark = models.find(({ name }) => name === 'mlp');
  if (benchmark === undefined) throw new Error('there is no model called mlp');
  await using folder = await openTemporaryFolder();
  const url = Promise.withResolvers<string>();
  const training = Promise.withResolvers<number>();
  const onEvent = (event: RunEvent): void => {
    if (event.type === 'start') url.resolve(event.url);
    if (event.type === 'step' && event.step >= benchmark.warmUpSteps) training.resolve(event.step);
  };
  const fixed = { benchmark, timelineFolder: folder.path, onEvent };
  await using run = await startBenchRun({ ...fixed, workers: 1, everySteps: 10, holdAt: [] });
  await Promise.race([training.promise, run.ended]);
  const askedMicros = micros();
  await control.scale(await url.promise, 2);
  const pushedMicros = await Promise.race([firstPush(folder.path, 'w2'), run.ended]);
  return (pushedMicros - askedMicros) / 1e6;
}

/** When a worker had put its first gradient into the socket; its timeline is written every second. */
async function firstPush(folder: string, worker: string): Promise<number> {
  const untilMs = performance.now() + patienceMs;
  while (performance.now() < untilMs) {
    const threads = readTimeline(folder).filter(({ process }) => process === worker);
    const [first] = threads.flatMap(({ spans }) => spans.filter(([name]) => name === 'push'));
    if (first !== undefined) return first[1] + first[2];
    await sleep(pollMs);
  }
  throw new Error(`${worker} has pushed nothing after ${patienceMs / 1000} s`);
}
