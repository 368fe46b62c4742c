import { readFileSync } from 'node:fs';

import { Command } from 'commander';
import { builtinJobs, serverCommand, workerCommand } from 'paceline/programs';

import { benchCommand } from './commands/bench.ts';
import { certsCommand } from './commands/certs.ts';
import { checkpointCommand } from './commands/checkpoint.ts';
import { doctorCommand } from './commands/doctor.ts';
import { evaluateCommand } from './commands/evaluate.ts';
import { exportCommand } from './commands/export.ts';
import { inspectCommand } from './commands/inspect.ts';
import { pauseCommand } from './commands/pause.ts';
import { resumeCommand } from './commands/resume.ts';
import { scaleCommand } from './commands/scale.ts';
import { scheduleCommand } from './commands/schedule.ts';
import { setupCommand } from './commands/setup.ts';
import { statusCommand } from './commands/status.ts';
import { stopCommand } from './commands/stop.ts';
import { trainCommand } from './commands/train.ts';
import { verifyCommand } from './commands/verify.ts';

/** The whole command line of `paceline`. */
export function createProgram(): Command {
  const program = new Command('paceline')
    .description('Distributed training of TensorFlow.js models: parameter servers and workers.')
    .version(ownVersion(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help, or that of a command')
    .showSuggestionAfterError()
    .addHelpText('after', closingWords());
  const commands = [
    trainCommand(),
    evaluateCommand(),
    serverCommand(),
    workerCommand(),
    statusCommand(),
    pauseCommand(),
    resumeCommand(),
    checkpointCommand(),
    scaleCommand(),
    stopCommand(),
    inspectCommand(),
    verifyCommand(),
    exportCommand(),
    scheduleCommand(),
    setupCommand(),
    doctorCommand(),
    certsCommand(),
    benchCommand(),
  ];
  for (const command of commands) program.addCommand(command);
  return program;
}

function ownVersion(): string {
  const manifest = readFileSync(new URL('../package.json', import.meta.url), 'utf8');
  return (JSON.parse(manifest) as { readonly version: string }).version;
}

function closingWords(): string {
  return `
JOB is a job file (.ts, .js, .json) or a built-in job: ${Object.keys(builtinJobs).join(', ')}.

Examples:
  $ paceline train mnist-mlp                 one server and two workers on this machine
  $ paceline train job.ts --workers 4 --set optimizer.learningRate=0.01
  $ paceline evaluate mnist-mlp runs/mnist-mlp-20260830-174503

Exit codes: 0 finished, 2 wrong usage or job, 3 training failed or a checkpoint is damaged, 4 server not reached in time,
130 after Ctrl-C, 143 after SIGTERM.
`;
}
