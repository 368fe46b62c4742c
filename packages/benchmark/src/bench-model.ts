import type { BenchEvent } from '@paceline/protocol';

import { goals, isRatio, ratioOf } from './board/goals.ts';
import type { Goal } from './board/goals.ts';
import type { ModelBenchmark } from './board/model-benchmark.ts';
import { rowOf } from './board/row.ts';
import type { Row } from './board/row.ts';
import { serverNumbersBytes } from './board/server-memory.ts';
import { isPresent } from './contestants/contestant.ts';
import type { Absent, Block, Contestant } from './contestants/contestant.ts';
import { startModelFit } from './contestants/model-fit.ts';
import { names } from './contestants/names.ts';
import { startPaceline } from './contestants/paceline.ts';
import type { RunControl } from './contestants/run-control.ts';
import { startTorch } from './contestants/torch-ddp.ts';
import { measureSteps } from './measure-steps.ts';
import { interleave } from './measure/interleave.ts';
import type { Blocks } from './measure/interleave.ts';
import { mediansOf } from './measure/medians.ts';
import type { Phases } from './measure/phases.ts';
import { summarise } from './measure/statistics.ts';
import type { Figure } from './measure/statistics.ts';

/** How a model is measured. */
export interface BenchOptions {
  /** Blocks of each contestant. */
  readonly rounds: number;
  /** The Python that may have `torch`. */
  readonly python: string;
  /** Without: ours alone. */
  readonly peers: boolean;
  readonly control: RunControl;
  readonly onProgress: (line: string) => void;
}

/** One contestant's figures. */
export interface ContestantResult {
  readonly name: string;
  readonly msPerStep: Figure;
  readonly examplesPerSecond: number;
  /** Medians, by process. */
  readonly cpuMsPerStep: Readonly<Record<string, number>>;
  readonly peakBytes: Readonly<Record<string, number>>;
}

/** What came of one model; the figures of the event itself are ours, medians. */
export interface ModelResult extends BenchEvent {
  readonly phases: Phases & BenchEvent['phases'];
  readonly contestants: readonly ContestantResult[];
  readonly absent: readonly Absent[];
  readonly rows: readonly Row[];
}

/** Lets everybody who is there train a model in turns, and holds ours against the goals. */
export async function benchModel(
  benchmark: ModelBenchmark,
  options: BenchOptions,
): Promise<ModelResult> {
  const { present, absent, blocks } = await takeTurns(benchmark, options);
  const { parameters, phases, bytesPerStep } = await measureSteps(benchmark, options.control);
  const contestants = present.map((name) => {
    return resultOf(name, blocks.get(name) ?? [], benchmark.batchSize);
  });
  const ours = summarise(blocks.get(names.ours)?.map(({ msPerStep }) => msPerStep) ?? []).median;
  return {
    type: 'bench',
    name: benchmark.name,
    examplesPerSecond: (benchmark.batchSize * 1000) / ours,
    msPerStep: ours,
    phases: { ...phases },
    bytesPerStep,
    contestants,
    absent,
    rows: (goals[benchmark.name] ?? []).flatMap((goal) => {
      const values = valuesOf(goal, blocks, parameters);
      return values === undefined ? [] : [rowOf(goal, values)];
    }),
  };
}

async function takeTurns(
  benchmark: ModelBenchmark,
  options: BenchOptions,
): Promise<{
  readonly present: readonly string[];
  readonly absent: readonly Absent[];
  readonly blocks: Blocks;
}> {
  await using stack = new AsyncDisposableStack();
  const contestants: Contestant[] = [];
  const absent: Absent[] = [];
  for (const start of starters(benchmark, options)) {
    const one = await start();
    if (isPresent(one)) contestants.push(stack.use(one));
    else absent.push(one);
    options.onProgress(isPresent(one) ? `${one.name} is ready` : `${one.name}: ${one.absent}`);
  }
  const blocks = await interleave({
    contestants,
    rounds: options.rounds,
    onBlock: (name, round, { msPerStep }) => {
      options.onProgress(`round ${round + 1}: ${name} ${msPerStep.toFixed(3)} ms a step`);
    },
  });
  return { present: contestants.map(({ name }) => name), absent, blocks };
}

type Starter = () => Promise<Contestant | Absent>;

function starters(benchmark: ModelBenchmark, options: BenchOptions): readonly Starter[] {
  const { control, rounds: blocks } = options;
  const wanted = (goals[benchmark.name] ?? []).filter(isRatio).map(({ peer }) => peer);
  const paceline = (workers: number): Starter => {
    return () => startPaceline({ benchmark, workers, blocks, control });
  };
  const peers: Readonly<Record<string, Starter>> = {
    [names.torch]: () => startTorch(benchmark, options.python),
    [names.fit]: () => startModelFit(benchmark),
    [names.alone]: paceline(1),
  };
  const others = wanted.flatMap((name) => peers[name] ?? []);
  return [paceline(2), ...(options.peers ? others : [])];
}

function resultOf(name: string, blocks: readonly Block[], batchSize: number): ContestantResult {
  const msPerStep = summarise(blocks.map((block) => block.msPerStep));
  return {
    name,
    msPerStep,
    examplesPerSecond: (batchSize * 1000) / msPerStep.median,
    cpuMsPerStep: mediansOf(blocks, 'cpuMsPerStep'),
    peakBytes: mediansOf(blocks, 'peakBytes'),
  };
}

/** What each round gave for a goal; undefined when who it is held against is not there. */
function valuesOf(goal: Goal, blocks: Blocks, parameters: number): readonly number[] | undefined {
  const ours = blocks.get(names.ours) ?? [];
  if (!isRatio(goal)) {
    const peaks = ours.flatMap(({ peakBytes }) => peakBytes['server'] ?? []);
    if (peaks.length === 0) return undefined;
    return peaks.map((bytes) => bytes - serverNumbersBytes(parameters));
  }
  const peers = blocks.get(goal.peer);
  return (
    peers && ours.map(({ msPerStep }, i) => ratioOf(goal, msPerStep, peers[i]?.msPerStep ?? NaN))
  );
}
