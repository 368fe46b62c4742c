import type {
  LatencyResult,
  ModelBenchmark,
  ModelResult,
  RunControl,
  Traffic,
} from '@paceline/benchmark';
import { Argument, Command } from 'commander';
import { addFlags, flags, wholeNumber } from 'paceline/programs';

import { askServer } from '../control/request.ts';
import { latencyLines, modelLines } from '../render/bench-lines.ts';

interface BenchFlags {
  readonly rounds: number;
  readonly peers: boolean;
  readonly json?: boolean;
}

const examples = `
Examples:
  $ paceline bench                       the whole board
  $ paceline bench mlp --rounds 11
  $ paceline bench start join            from the command to a step, from a new worker to its gradient
  $ PACELINE_BENCH_PYTHON=venv/bin/python paceline bench cnn      with the Python that has torch

Contestants train in turns, a block of steps each; a figure is the median of the rounds, of ratios where it is held
against a peer. Where a step's time goes is looked at in one more block.
`;

const latencies = ['start', 'join'] as const;
/** Of the board; the benchmarks themselves are loaded when they run. */
export const modelNames: readonly string[] = ['mlp', 'cnn', 'wide', 'tiny'];

/** `paceline bench [NAME...]`: the board. */
export function benchCommand(): Command {
  const command = new Command('bench')
    .summary('how fast it is, beside its peers')
    .description(
      'Measures the board: two workers with native TensorFlow, beside PyTorch DDP and model.fit where they are there, and how long starting and joining take.',
    )
    .addArgument(new Argument('[NAME...]').choices([...modelNames, ...latencies]))
    .addHelpText('after', examples);
  const rounds = {
    flags: '--rounds <N>',
    description: 'blocks of each contestant',
    default: 7,
    parse: wholeNumber(1),
  };
  const alone = { flags: '--no-peers', description: 'ours alone' };
  const json = {
    ...flags.json,
    description: 'one JSON object for each benchmark on standard output',
  };
  return addFlags(command, [rounds, alone, json]).action(
    async (names: readonly string[], options: BenchFlags) => {
      const { models } = await import('@paceline/benchmark');
      const isWanted = (name: string): boolean => names.length === 0 || names.includes(name);
      for (const model of models) if (isWanted(model.name)) await runModel(model, options);
      for (const name of latencies) if (isWanted(name)) await runLatency(name, options);
    },
  );
}

async function runModel(model: ModelBenchmark, options: BenchFlags): Promise<void> {
  const { benchModel } = await import('@paceline/benchmark');
  const result = await benchModel(model, {
    ...options,
    python: process.env['PACELINE_BENCH_PYTHON'] ?? 'python3',
    control,
    onProgress: progressOf(model.name),
  });
  print(result, modelLines(model, result), options);
}

async function runLatency(name: (typeof latencies)[number], options: BenchFlags): Promise<void> {
  const program = { command: process.execPath, args: [...process.execArgv, process.argv[1] ?? ''] };
  const fixed = { rounds: options.rounds, onProgress: progressOf(name) };
  const { benchJoin, benchStart } = await import('@paceline/benchmark');
  const result = await (name === 'start'
    ? benchStart({ ...fixed, program })
    : benchJoin({ ...fixed, control }));
  print(result, latencyLines(result), options);
}

const control: RunControl = {
  resume: async (url) => {
    await askServer(url, { method: 'POST', path: '/control/resume' });
  },
  scale: async (url, workers) => {
    await askServer(url, { method: 'POST', path: '/control/scale', body: { workers } });
  },
  traffic: async (url) => {
    const status = await askServer(url, { method: 'GET', path: '/status.json' });
    return (status as { readonly traffic: Traffic }).traffic;
  },
};

function progressOf(name: string): (line: string) => void {
  return (line) => void process.stderr.write(`${name}: ${line}\n`);
}

function print(
  result: ModelResult | LatencyResult,
  lines: readonly string[],
  { json }: BenchFlags,
): void {
  process.stdout.write(`${json === true ? JSON.stringify(result) : lines.join('\n')}\n`);
}
