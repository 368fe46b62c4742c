import { Command } from 'commander';
import { addFlags, flags, inspectCheckpoints } from 'paceline/programs';

import { inspectionLines } from '../render/checkpoint-lines.ts';

const examples = `
Examples:
  $ paceline inspect runs/mnist-mlp-20260830-174503
  $ paceline inspect runs/job-20260830-174503/checkpoints/step-200 --json
`;

/** `paceline inspect DIR`: what is in checkpoints. */
export function inspectCommand(): Command {
  const command = new Command('inspect')
    .summary('what is in checkpoints')
    .description(
      'Lists the checkpoints of a run and whether they are whole, then what the newest whole one holds: of which ' +
        'run, job and machine it is, its tensors, optimizer slots and sections.',
    )
    .argument('<DIR>', "a run's folder, a folder of checkpoints, or one checkpoint")
    .addHelpText('after', examples);
  const json = { ...flags.json, description: 'everything, settings included, as one JSON object' };
  return addFlags(command, [json]).action(
    async (directory: string, options: { readonly json?: boolean }) => {
      const inspection = await inspectCheckpoints(directory);
      const lines =
        options.json === true ? [JSON.stringify(inspection)] : inspectionLines(inspection);
      process.stdout.write(`${lines.join('\n')}\n`);
    },
  );
}
