import { onShutdownSignals, systemClock } from '@paceline/telemetry';
import { Command } from 'commander';
import {
  addFlags,
  flags,
  ignoreBrokenOutput,
  startLocalTraining,
  withEnvironment,
} from 'paceline/programs';
import type { FlagDefinition, LocalTrainingEnd } from 'paceline/programs';

import { causeLines } from '../render/cause-lines.ts';
import { createRunOutput } from '../render/run-output.ts';
import { createWaitNotices } from '../render/wait-notices.ts';

interface TrainFlags {
  readonly workers: number;
  readonly minWorkers?: number;
  readonly maxWorkers?: number;
  readonly backend?: string;
  readonly out?: string;
  readonly resume?: string | true;
  readonly listen?: string;
  readonly advertise?: string;
  readonly tokenFile?: string;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly tlsClientCa?: string;
  readonly set: readonly string[];
  readonly every: number;
  readonly holdAt: readonly number[];
  readonly holdEvery?: number;
  readonly maxRestarts: number;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
}

/** The flags of `train`, in the order of the help. */
export const trainFlags: readonly FlagDefinition[] = withEnvironment([
  flags.workers,
  {
    ...flags.minWorkers,
    description: `${flags.minWorkers.description}; all of --workers by default`,
    default: undefined,
  },
  flags.maxWorkers,
  flags.servers,
  flags.backend,
  { ...flags.out, defaultText: 'runs/<job>-<time>' },
  flags.resume,
  flags.set,
  {
    ...flags.listen,
    description: `${flags.listen.description}; workers from elsewhere may come there. Those of this machine use a private Unix socket`,
  },
  flags.advertise,
  flags.tokenFile,
  { ...flags.tlsCert, description: `${flags.tlsCert.description}; for --listen` },
  flags.tlsKey,
  flags.tlsClientCa,
  flags.every,
  flags.holdAt,
  flags.holdEvery,
  flags.maxRestarts,
  flags.json,
  flags.quiet,
  {
    flags: '--verbose',
    description: 'also the logs of the server and the workers, on standard error',
  },
]);

const examples = `
Examples:
  $ paceline train mnist-mlp
  $ paceline train job.ts --workers 4 --set until.epochs=5 --set optimizer.learningRate=0.05
  $ paceline train mnist-cnn --backend wasm --json > events.ndjson
  $ paceline train mnist-cnn --resume        go on where the newest run of this job was
  $ paceline train mnist-mlp --listen 0.0.0.0:7070 --token-file paceline.token      others may join

Ctrl-C ends the run in good order; a second one kills it. What crashes is started again.
`;

/** `paceline train JOB`: a server and workers on this machine. */
export function trainCommand(): Command {
  const command = new Command('train')
    .summary('train a job on this machine')
    .description(
      'Trains a job with a parameter server and workers, each a process on this machine, and saves the model. ' +
        'The result is the same to the bit for any number of workers.',
    )
    .argument('<JOB>', 'a job file (.ts, .js, .json) or the name of a built-in job')
    .addHelpText('after', examples);
  return addFlags(command, trainFlags).action(async (job: string, options: TrainFlags) => {
    process.exitCode = await runTrain(job, options);
  });
}

async function runTrain(job: string, options: TrainFlags): Promise<number> {
  ignoreBrokenOutput();
  const output = await createRunOutput(options, systemClock());
  const waits = createWaitNotices();
  const run = await startLocalTraining({
    ...options,
    job,
    everySteps: options.every,
    logLevel: options.verbose === true ? 'info' : 'warn',
    onEvent: (event) => {
      waits.see(event);
      output.show(event);
    },
    onLog: (process, line) => {
      if (options.verbose === true) output.log(`[${process}] ${line}`);
      else if (options.quiet !== true) waits.hear(line).forEach(output.log);
    },
  });
  const stopListening = onShutdownSignals((signal, insists) => {
    if (!insists) output.log(`${signal}: ending the run; Ctrl-C once more to kill it`);
    run.stop(signal, insists);
  });
  const ended = await run.finished;
  stopListening();
  output.close();
  for (const line of failureLines(ended, options)) process.stderr.write(`${line}\n`);
  return ended.exitCode;
}

/** Why a run failed, unless the lines of its events have said it already. A server that was told to stop knows no cause. */
function failureLines(ended: LocalTrainingEnd, options: TrainFlags): readonly string[] {
  const { cause, end, exitCode } = ended;
  if (exitCode === 0 || cause === undefined) return [];
  if (end?.status !== 'failed' || end.reason === undefined) return causeLines(cause);
  return options.json === true ? [`error: ${end.reason}`] : [];
}
