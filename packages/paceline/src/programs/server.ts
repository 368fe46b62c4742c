import { rmSync, writeFileSync } from 'node:fs';

import { exitCodes } from '@paceline/protocol';
import type { RunSummary } from '@paceline/server';
import { onShutdownSignals, systemClock } from '@paceline/telemetry';
import type { ShutdownSignal } from '@paceline/telemetry';
import { Command } from 'commander';

import { parameterServer } from '../parameter-server.ts';
import { tuneCollector } from '../tune-collector.ts';
import { createEventOutput, ignoreBrokenOutput, writeOutput } from './event-output.ts';
import type { OutputStyle } from './event-output.ts';
import { addFlags, withEnvironment } from './add-flags.ts';
import { flags } from './flags.ts';
import type { FlagDefinition } from './flags.ts';
import { createProgramLogger } from './log.ts';
import type { LogFlags } from './log.ts';
import { timelineFolder } from './timeline-folder.ts';
import { repeated } from './values.ts';
import { launcherPidOf, watchLauncher } from './watch-launcher.ts';

interface ServerFlags extends LogFlags {
  readonly listen: readonly string[];
  readonly advertise?: string;
  readonly tokenFile?: string;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly tlsClientCa?: string;
  readonly minWorkers: number;
  readonly maxWorkers?: number;
  readonly out?: string;
  readonly checkpoints?: string;
  readonly every: number;
  readonly holdAt: readonly number[];
  readonly holdEvery?: number;
  readonly set: readonly string[];
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly linger: number;
  readonly healthFile?: string;
}

const usualAddress = '127.0.0.1:7070';

/** The flags of `server`, in the order of the help. */
export const serverFlags: readonly FlagDefinition[] = withEnvironment([
  {
    ...flags.listen,
    description: `${flags.listen.description}; may be repeated: the first is told to others`,
    default: [],
    defaultText: usualAddress,
    parse: repeated((text) => text),
  },
  flags.advertise,
  flags.tokenFile,
  { ...flags.tlsCert, description: `${flags.tlsCert.description}; the server then speaks TLS` },
  flags.tlsKey,
  flags.tlsClientCa,
  flags.minWorkers,
  flags.maxWorkers,
  flags.out,
  flags.checkpoints,
  flags.set,
  flags.every,
  flags.holdAt,
  flags.holdEvery,
  flags.linger,
  flags.healthFile,
  flags.json,
  flags.quiet,
  flags.logLevel,
  flags.logFormat,
]);

const examples = `
Examples:
  $ paceline server mnist-mlp --min-workers 2 --out runs/digits
  $ paceline server mnist-mlp --listen 0.0.0.0:7070 --token-file paceline.token
  $ paceline server job.ts --set optimizer.learningRate=0.01 --checkpoints /data/checkpoints

Workers join with: paceline worker ws://HOST:PORT
An address that other machines can reach needs a token: openssl rand -hex 32 > paceline.token
`;

/** `paceline server JOB`: one parameter server. */
export function serverCommand(): Command {
  const command = new Command('server')
    .summary('run a parameter server; workers come to it')
    .description(
      'Runs the parameter server of a job. It waits for workers, trains, writes the model into --out, and ends.',
    )
    .argument('<JOB>', 'a job file (.ts, .js, .json) or the name of a built-in job')
    .addHelpText('after', examples);
  return addFlags(command, serverFlags).action(async (job: string, options: ServerFlags) => {
    process.exitCode = await runServerProgram(job, options);
  });
}

async function runServerProgram(job: string, options: ServerFlags): Promise<number> {
  ignoreBrokenOutput();
  tuneCollector();
  const clock = systemClock();
  const onEvent = createEventOutput({
    style: styleOf(options),
    detail: 'full',
    clock,
    write: writeOutput,
  });
  await using server = await parameterServer({
    ...options,
    ...addressesOf(options),
    job,
    everySteps: options.every,
    lingerMs: options.linger,
    clock,
    logger: createProgramLogger('server', options),
    onEvent,
    ...timelineFolder(process.env),
  });
  // Its address is how it is well: the check asks there, from this machine.
  if (options.healthFile !== undefined) writeFileSync(options.healthFile, server.localUrl);
  let signal: ShutdownSignal | undefined;
  const stopListening = onShutdownSignals((received, insists) => {
    signal ??= received;
    if (insists) process.exit(codeOfSignal(signal));
    server.stop(received, { goesOn: isMoved(received) });
  });
  const stopWatching = endWithLauncher(() => {
    server.stop('the launcher is gone');
  });
  try {
    return exitCodeOf(await server.finished, signal);
  } finally {
    stopListening();
    stopWatching();
  }
}

/**
 * Who is at the keyboard says SIGINT, and means the run. Whatever starts servers again, here or elsewhere, says SIGTERM,
 * and means the process. A launcher has its own ways.
 */
function isMoved(signal: ShutdownSignal): boolean {
  return signal === 'SIGTERM' && launcherPidOf(process.env) === undefined;
}

function addressesOf({ listen: [listen = usualAddress, ...alsoListen] }: ServerFlags): {
  readonly listen: string;
  readonly alsoListen: readonly string[];
} {
  return { listen, alsoListen };
}

function styleOf(options: ServerFlags): OutputStyle {
  if (options.json === true) return 'json';
  return options.quiet === true ? 'quiet' : 'lines';
}

/** The exit code of a run; one that was stopped over the network counts as stopped by a supervisor. */
function exitCodeOf(summary: RunSummary, signal: ShutdownSignal | undefined): number {
  if (summary.status === 'finished') return exitCodes.finished;
  return summary.status === 'failed' ? exitCodes.failed : codeOfSignal(signal ?? 'SIGTERM');
}

function codeOfSignal(signal: ShutdownSignal): number {
  return signal === 'SIGINT' ? exitCodes.interrupted : exitCodes.terminated;
}

/** Without its launcher a server ends, and takes the private folder with it that the launcher cannot remove. */
function endWithLauncher(onGone: () => void): () => void {
  const launcherPid = launcherPidOf(process.env);
  if (launcherPid === undefined) return () => undefined;
  return watchLauncher(launcherPid, systemClock(), () => {
    const directory = process.env['PACELINE_LAUNCHER_DIRECTORY'];
    process.once('exit', () => {
      if (directory !== undefined) rmSync(directory, { recursive: true, force: true });
    });
    onGone();
  });
}
