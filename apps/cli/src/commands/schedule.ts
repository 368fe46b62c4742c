import { Command } from 'commander';
import { addFlags, flags, learningRates, loadJob, wholeNumber } from 'paceline/programs';

import { scheduleLines } from '../render/schedule-lines.ts';

interface ScheduleFlags {
  readonly set: readonly string[];
  readonly steps?: number;
  readonly json?: boolean;
}

const usualColumns = 80;
const mostColumns = 120;
/** Enough points for any terminal. */
const mostPoints = 1000;

const examples = `
Examples:
  $ paceline schedule job.ts
  $ paceline schedule mnist-mlp --set 'schedule={"type":"cosine","warmupSteps":50}' --set until.epochs=5
  $ paceline schedule job.ts --steps 10000 --json
`;

/** `paceline schedule JOB`: the learning rate over the steps of a run. */
export function scheduleCommand(): Command {
  const command = new Command('schedule')
    .summary('draws the learning rate over the steps of a run')
    .description(
      "Draws how the job's schedule changes the learning rate over a run of the length that the job has. The data are " +
        'opened if the length depends on them.',
    )
    .argument('<JOB>', 'a job file (.ts, .js, .json) or the name of a built-in job')
    .addHelpText('after', examples);
  const steps = {
    flags: '--steps <N>',
    description: 'length of the run, instead of that of the job',
    parse: wholeNumber(1),
  };
  const json = { ...flags.json, description: 'steps and rates as one JSON object' };
  return addFlags(command, [flags.set, steps, json]).action(
    async (name: string, options: ScheduleFlags) => {
      const { job } = await loadJob(name, { set: options.set });
      const rates = await learningRates(job, { totalSteps: options.steps, most: mostPoints });
      const { isTTY, columns } = process.stdout;
      const width = isTTY ? Math.min(columns, mostColumns) : usualColumns;
      const lines = options.json === true ? [JSON.stringify(rates)] : scheduleLines(rates, width);
      process.stdout.write(`${lines.join('\n')}\n`);
    },
  );
}
