import { goals, ratioOf, standingOf } from './board/goals.ts';
import type { Goal, Standing } from './board/goals.ts';
import type { ModelBenchmark } from './board/model-benchmark.ts';
import { isPresent } from './contestants/contestant.ts';
import type { Absent, Block, Contestant } from './contestants/contestant.ts';
import { names } from './contestants/names.ts';
import { startModelFit } from './contestants/model-fit.ts';
import { startPaceline } from './contestants/paceline.ts';
import { startTorch } from './contestants/torch-ddp.ts';
import { interleave } from './measure/interleave.ts';
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
  /** Makes a run that holds go on. */
  readonly resume: (url: string) => Promise<void>;
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

/** A figure of the board. */
export interface Row {
  readonly goal: Goal;
  /** The median of the rounds' ratios, each of two blocks that followed each other. */
  readonly ratio: Figure;
  readonly standing: Standing;
}

/** What came of one model. */
export interface ModelResult {
  readonly name: string;
  readonly contestants: readonly ContestantResult[];
  readonly absent: readonly Absent[];
  readonly rows: readonly Row[];
}

/** Lets everybody who is there train a model in turns, and holds ours against the goals. */
export async function benchModel(
  benchmark: ModelBenchmark,
  options: BenchOptions,
): Promise<ModelResult> {
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
  return {
    name: benchmark.name,
    contestants: contestants.map(({ name }) =>
      resultOf(name, blocks.get(name) ?? [], benchmark.batchSize),
    ),
    absent,
    rows: (goals[benchmark.name] ?? []).flatMap((goal) => {
      const ours = blocks.get(names.ours) ?? [];
      const peers = blocks.get(goal.peer);
      return peers === undefined ? [] : [rowOf(goal, ours, peers)];
    }),
  };
}

type Starter = () => Promise<Contestant | Absent>;

function starters(benchmark: ModelBenchmark, options: BenchOptions): readonly Starter[] {
  const wanted = (goals[benchmark.name] ?? []).map(({ peer }) => peer);
  const paceline = (workers: number): Starter => {
    return () => startPaceline({ benchmark, workers, blocks: options.rounds, ...options });
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
  const medians = (of: (block: Block) => Readonly<Record<string, number>>) => {
    const processes = Object.keys(
      of(blocks.at(-1) ?? { msPerStep: 0, cpuMsPerStep: {}, peakBytes: {} }),
    );
    return Object.fromEntries(
      processes.map((each) => [
        each,
        summarise(blocks.map((block) => of(block)[each] ?? 0)).median,
      ]),
    );
  };
  return {
    name,
    msPerStep,
    examplesPerSecond: (batchSize * 1000) / msPerStep.median,
    cpuMsPerStep: medians((block) => block.cpuMsPerStep),
    peakBytes: medians((block) => block.peakBytes),
  };
}

function rowOf(goal: Goal, ours: readonly Block[], peers: readonly Block[]): Row {
  const ratios = ours.map(({ msPerStep }, round) => {
    return ratioOf(goal, msPerStep, peers[round]?.msPerStep ?? NaN);
  });
  const ratio = summarise(ratios);
  return { goal, ratio, standing: standingOf(goal, ratio.median) };
}
