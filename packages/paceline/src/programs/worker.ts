import { exitCodes } from '@paceline/protocol';
import { onShutdownSignals } from '@paceline/telemetry';
import { Command } from 'commander';

import { PacelineError } from '../errors.ts';
import { tuneCollector } from '../tune-collector.ts';
import { worker } from '../worker.ts';
import { ignoreBrokenOutput } from './event-output.ts';
import { addFlags, withEnvironment } from './add-flags.ts';
import { flags } from './flags.ts';
import type { FlagDefinition } from './flags.ts';
import { isPrettyLog } from './log.ts';
import type { LogFlags } from './log.ts';
import { timelineFolder } from './timeline-folder.ts';
import { launcherPidOf } from './watch-launcher.ts';

interface WorkerFlags extends LogFlags {
  readonly job?: string;
  readonly name?: string;
  readonly tokenFile?: string;
  readonly tlsCa?: string;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly backend: 'auto' | 'tensorflow' | 'wasm' | 'cpu';
  readonly connectTimeout: number;
  readonly reconnectTimeout: number;
  readonly grace: number;
  readonly healthFile?: string;
}

/** The flags of `worker`, in the order of the help. */
export const workerFlags: readonly FlagDefinition[] = withEnvironment([
  flags.job,
  flags.name,
  flags.tokenFile,
  flags.tlsCa,
  flags.tlsCert,
  flags.tlsKey,
  { ...flags.backend, default: 'auto' },
  flags.connectTimeout,
  flags.reconnectTimeout,
  flags.grace,
  flags.healthFile,
  flags.logLevel,
  flags.logFormat,
]);

const examples = `
Examples:
  $ paceline worker ws://trainer:7070
  $ paceline worker ws://10.0.0.5:7070 --token-file paceline.token
  $ paceline worker ws://10.0.0.5:7070 --job job.ts --name w3 --connect-timeout 5m

The address may also come from PACELINE_SERVER. The worker may start before the server.
`;

/** `paceline worker URL`: one worker. */
export function workerCommand(): Command {
  const command = new Command('worker')
    .summary('run a worker: it computes gradients for a server')
    .description(
      'Runs one worker. It needs only an address that it can reach: the job comes from the server, except for ' +
        'functions, which stand in a file of its own (--job). SIGTERM: it hands back its step and leaves.',
    )
    .argument('[URL]', "the server's address, for example ws://127.0.0.1:7070")
    .addHelpText('after', examples);
  return addFlags(command, workerFlags).action(
    async (url: string | undefined, options: WorkerFlags) => {
      process.exitCode = await runWorkerProgram(url ?? process.env['PACELINE_SERVER'], options);
    },
  );
}

async function runWorkerProgram(url: string | undefined, options: WorkerFlags): Promise<number> {
  ignoreBrokenOutput();
  tuneCollector();
  const leave = new AbortController();
  const launcherPid = launcherPidOf(process.env);
  const stopListening = onShutdownSignals((signal, insists) => {
    if (insists) process.exit(exitCodes.interrupted);
    leave.abort(signal);
  });
  try {
    const exit = await worker({
      url: checkedUrl(url),
      ...(options.name === undefined ? {} : { name: options.name }),
      ...(options.job === undefined ? {} : { job: options.job }),
      ...(options.tokenFile === undefined ? {} : { tokenFile: options.tokenFile }),
      ...{ tlsCa: options.tlsCa, tlsCert: options.tlsCert, tlsKey: options.tlsKey },
      backend: options.backend,
      connectTimeoutMs: options.connectTimeout,
      reconnectTimeoutMs: options.reconnectTimeout,
      graceMs: options.grace,
      ...(options.healthFile === undefined ? {} : { healthFile: options.healthFile }),
      ...(launcherPid === undefined ? {} : { launcherPid }),
      ...timelineFolder(process.env),
      logLevel: options.logLevel,
      prettyLog: isPrettyLog(options),
      leave: leave.signal,
    });
    if (exit.code !== 0) process.stderr.write(`error: ${exit.message}\n`);
    return exit.code;
  } finally {
    stopListening();
  }
}

function checkedUrl(url: string | undefined): string {
  if (url !== undefined && /^(wss?|ws\+unix):\/\/./.test(url)) return url;
  const given = url === undefined ? 'no address was given' : `"${url}" is none`;
  throw new PacelineError(
    'bad-address',
    `The worker needs the server's address, ws://HOST:PORT, wss://HOST:PORT or ws+unix:///path:/ (${given}).`,
  );
}
