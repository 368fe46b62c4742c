import { Argument, Command } from 'commander';
import { addFlags, flags, wholeNumber } from 'paceline/programs';

import type { BenchFlags } from '../bench/run-benchmarks.ts';

const examples = `
Examples:
  $ paceline bench                       the whole board
  $ paceline bench mlp --rounds 11
  $ paceline bench start join            from the command to a step, from a new worker to its gradient
  $ PACELINE_BENCH_PYTHON=venv/bin/python paceline bench cnn      with the Python that has torch

Contestants train in turns, a block of steps each; a figure is the median of the rounds, of ratios where it is held
against a peer. Where a step's time goes is looked at in one more block.
`;

/** All of the board; the benchmarks themselves are loaded when they run. */
export const benchmarkNames: readonly string[] = ['mlp', 'cnn', 'wide', 'tiny', 'start', 'join'];

/** `paceline bench [NAME...]`: the board. */
export function benchCommand(): Command {
  const command = new Command('bench')
    .summary('how fast it is, beside its peers')
    .description(
      'Measures the board: two workers with native TensorFlow, beside PyTorch DDP and model.fit where they are there, and how long starting and joining take.',
    )
    .addArgument(new Argument('[NAME...]').choices(benchmarkNames))
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
      // It brings runs, peers and all: nothing for who trains.
      const { runBenchmarks } = await import('../bench/run-benchmarks.ts');
      await runBenchmarks(names, options);
    },
  );
}
