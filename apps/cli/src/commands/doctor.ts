import { exitCodes } from '@paceline/protocol';
import { Command } from 'commander';
import { addFlags, diagnose, flags } from 'paceline/programs';

import { findingLines } from '../render/finding-lines.ts';
import { createPalette } from '../render/palette.ts';

interface DoctorFlags {
  readonly backend?: 'auto' | 'tensorflow' | 'wasm' | 'cpu';
  readonly workers: number;
  readonly set: readonly string[];
  readonly json?: boolean;
}

const examples = `
Examples:
  $ paceline doctor
  $ paceline doctor job.ts --workers 4
`;

/** `paceline doctor [JOB]`: what works here, how fast, and what to do about the rest. */
export function doctorCommand(): Command {
  const command = new Command('doctor')
    .summary('examine this machine, and a job on it')
    .description(
      'Examines Node, the backend (which has to compute a known gradient) and the sockets; of a job also its model, ' +
        'its data, the gradients that it needs, and how fast a step will be. Exit code 3 when something does not work.',
    )
    .argument('[JOB]', 'a job file (.ts, .js, .json) or the name of a built-in job')
    .addHelpText('after', examples);
  const list = [flags.workers, flags.backend, flags.set, flags.json];
  return addFlags(command, list).action(async (job: string | undefined, options: DoctorFlags) => {
    process.exitCode = await runDoctor(job, options);
  });
}

async function runDoctor(job: string | undefined, options: DoctorFlags): Promise<number> {
  const palette = createPalette(process.stdout);
  let failed = false;
  const findings = diagnose({
    ...options,
    ...(job === undefined ? {} : { job }),
  });
  for await (const finding of findings) {
    failed ||= finding.status === 'fail';
    const lines =
      options.json === true ? [JSON.stringify(finding)] : findingLines(finding, palette);
    process.stdout.write(`${lines.join('\n')}\n`);
  }
  return failed ? exitCodes.failed : exitCodes.finished;
}
