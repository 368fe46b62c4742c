import { exitCodes } from '@paceline/protocol';
import { Command } from 'commander';
import { addFlags, checkCheckpoints, flags } from 'paceline/programs';

import { verdictLine } from '../render/checkpoint-lines.ts';
import { createPalette } from '../render/palette.ts';

const examples = `
Examples:
  $ paceline verify runs/mnist-mlp-20260830-174503
  $ paceline verify /data/checkpoints --json
`;

/** `paceline verify DIR`: whether checkpoints are whole. */
export function verifyCommand(): Command {
  const command = new Command('verify')
    .summary('whether checkpoints are whole')
    .description(
      'Reads every byte of every checkpoint and compares it with what was written. Exit code 0 when all are whole, ' +
        '3 when one is damaged, 2 when there are none. Nothing is changed.',
    )
    .argument('<DIR>', "a run's folder, a folder of checkpoints, or one checkpoint")
    .addHelpText('after', examples);
  const json = { ...flags.json, description: 'one JSON object a line for each checkpoint' };
  return addFlags(command, [json]).action(
    async (directory: string, options: { readonly json?: boolean }) => {
      const palette = createPalette(process.stdout);
      const reports = await checkCheckpoints(directory);
      for (const report of reports) {
        const line = options.json === true ? JSON.stringify(report) : verdictLine(report, palette);
        process.stdout.write(`${line}\n`);
      }
      const areWhole = reports.every(({ isValid }) => isValid);
      process.exitCode = areWhole ? exitCodes.finished : exitCodes.failed;
    },
  );
}
