import { benchModel, models } from '@paceline/benchmark';
import type { ModelBenchmark } from '@paceline/benchmark';
import { Argument, Command } from 'commander';
import { addFlags, flags, wholeNumber } from 'paceline/programs';

import { askServer } from '../control/request.ts';
import { benchLines } from '../render/bench-lines.ts';

interface BenchFlags {
  readonly rounds: number;
  readonly peers: boolean;
  readonly json?: boolean;
}

const examples = `
Examples:
  $ paceline bench                       the whole board
  $ paceline bench mlp --rounds 11
  $ PACELINE_BENCH_PYTHON=venv/bin/python paceline bench cnn      with the Python that has torch

Contestants train in turns, a block of steps each; a figure is the median of the rounds' ratios.
`;

/** `paceline bench [NAME...]`: the board. */
export function benchCommand(): Command {
  const command = new Command('bench')
    .summary('how fast it is, beside its peers')
    .description(
      'Measures the models of the board: two workers with native TensorFlow, beside PyTorch DDP and model.fit where they are there.',
    )
    .addArgument(new Argument('[NAME...]').choices(models.map(({ name }) => name)))
    .addHelpText('after', examples);
  const rounds = {
    flags: '--rounds <N>',
    description: 'blocks of each contestant',
    default: 7,
    parse: wholeNumber(1),
  };
  const alone = { flags: '--no-peers', description: 'ours alone' };
  const json = { ...flags.json, description: 'one JSON object for each model on standard output' };
  return addFlags(command, [rounds, alone, json]).action(
    async (names: readonly string[], options: BenchFlags) => {
      for (const model of models) {
        if (names.length === 0 || names.includes(model.name)) await run(model, options);
      }
    },
  );
}

async function run(model: ModelBenchmark, options: BenchFlags): Promise<void> {
  const result = await benchModel(model, {
    ...options,
    python: process.env['PACELINE_BENCH_PYTHON'] ?? 'python3',
    resume: async (url) => {
      await askServer(url, { method: 'POST', path: '/control/resume' });
    },
    onProgress: (line) => void process.stderr.write(`${model.name}: ${line}\n`),
  });
  const lines = options.json === true ? [JSON.stringify(result)] : benchLines(model, result);
  process.stdout.write(`${lines.join('\n')}\n`);
}
