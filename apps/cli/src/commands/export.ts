import { Command, Option } from 'commander';
import { addFlags, exportCheckpoint, exportFormats, flags } from 'paceline/programs';
import type { ExportFormat } from 'paceline/programs';

interface ExportFlags {
  readonly to: ExportFormat;
  readonly out?: string;
  readonly json?: boolean;
}

const examples = `
Examples:
  $ paceline export runs/mnist-mlp-20260830-174503 --to tfjs --out model
  $ paceline export runs/job-20260830-174503/checkpoints/step-200 --to safetensors
`;

/** `paceline export DIR --to FORMAT`: a checkpoint as a model that others read. */
export function exportCommand(): Command {
  const command = new Command('export')
    .summary('a checkpoint as a model for other programs')
    .description(
      'Writes the model of the newest whole checkpoint: tfjs is model.json and weights.bin, as tf.loadLayersModel ' +
        'reads them; safetensors is weights.safetensors, for any library of that format.',
    )
    .argument('<DIR>', "a run's folder, a folder of checkpoints, or one checkpoint")
    .addOption(
      new Option('--to <FORMAT>', 'what to write').choices(exportFormats).makeOptionMandatory(),
    )
    .addHelpText('after', examples);
  const out = {
    flags: '--out <DIR>',
    description: 'a folder that is not there yet, or empty',
    defaultText: 'step-N-FORMAT',
  };
  const json = { ...flags.json, description: 'what was written where, as one JSON object' };
  return addFlags(command, [out, json]).action(async (directory: string, options: ExportFlags) => {
    const { json: isJson, ...rest } = options;
    const exported = await exportCheckpoint({ directory, ...rest });
    const { from, out: folder } = exported;
    const line = isJson === true ? JSON.stringify(exported) : `${from} was written to ${folder}`;
    process.stdout.write(`${line}\n`);
  });
}
