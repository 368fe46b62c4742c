import { InvalidArgumentError } from 'commander';

import { parseDurationMs, parseOverride, repeated, wholeNumber } from './values.ts';

/** One flag of the command line, as data: help texts and the table of environment variables come from it. */
export interface FlagDefinition {
  /** As commander writes it: `--workers <N>`. */
  readonly flags: string;
  readonly description: string;
  /** The variable that gives the value when the flag is absent: see `withEnvironment`. */
  readonly env?: string | undefined;
  readonly choices?: readonly string[];
  readonly default?: unknown;
  /** How the default reads in the help. */
  readonly defaultText?: string;
  /** Text to value; throws commander's InvalidArgumentError. A repeatable flag also gets the value so far. */
  readonly parse?: (text: string, previous: never) => unknown;
}

/** Names of the flags in `flags`. */
export type FlagName =
  | 'workers'
  | 'servers'
  | 'backend'
  | 'set'
  | 'out'
  | 'checkpoints'
  | 'resume'
  | 'listen'
  | 'advertise'
  | 'minWorkers'
  | 'maxWorkers'
  | 'maxRestarts'
  | 'every'
  | 'holdAt'
  | 'holdEvery'
  | 'json'
  | 'quiet'
  | 'logLevel'
  | 'logFormat'
  | 'name'
  | 'job'
  | 'connectTimeout'
  | 'reconnectTimeout'
  | 'grace'
  | 'linger'
  | 'healthFile'
  | 'tokenFile'
  | 'tlsCert'
  | 'tlsKey'
  | 'tlsCa'
  | 'tlsClientCa';

/** All flags that more than one command shares, or that a process in a container takes. */
export const flags: Readonly<Record<FlagName, FlagDefinition>> = {
  workers: {
    flags: '--workers <N>',
    description: 'worker processes; the result does not depend on how many',
    default: 2,
    parse: wholeNumber(1),
  },
  servers: {
    flags: '--servers <K>',
    description: 'parameter servers; only 1 for now',
    default: 1,
    parse: parseServerCount,
  },
  backend: {
    flags: '--backend <NAME>',
    description:
      'tensorflow (native, fastest), wasm (same bits everywhere), cpu (slow); auto: tensorflow where it works, else wasm',
    choices: ['auto', 'tensorflow', 'wasm', 'cpu'],
  },
  set: {
    flags: '--set <FIELD=VALUE>',
    description: 'overrides a field of the job, e.g. optimizer.learningRate=0.01; may be repeated',
    default: [],
    defaultText: 'none',
    parse: repeated(parseOverride),
  },
  out: {
    flags: '--out <DIR>',
    description: "the run's folder: model, events, checkpoints",
  },
  checkpoints: {
    flags: '--checkpoints <DIR>',
    description: 'where checkpoints go and are resumed from; the default is in --out',
  },
  resume: {
    flags: '--resume [DIR]',
    description:
      'go on from the checkpoints of the run in that folder; without DIR those of --out, or of the newest run of the job (JOB stands before it)',
    parse: (text) => (text === 'true' ? true : text),
  },
  listen: {
    flags: '--listen <ADDRESS>',
    description:
      'HOST:PORT, [::1]:PORT or unix:/path; exactly this address, port 0 for any free one',
  },
  advertise: {
    flags: '--advertise <HOST[:PORT]>',
    description:
      'where others reach --listen, when that is not what it says: behind a port mapping, in a container',
  },
  minWorkers: {
    flags: '--min-workers <N>',
    description: 'training starts when so many workers are there',
    default: 1,
    parse: wholeNumber(1),
  },
  maxWorkers: {
    flags: '--max-workers <N>',
    description: 'more than so many workers are refused',
    parse: wholeNumber(1),
  },
  maxRestarts: {
    flags: '--max-restarts <N>',
    description:
      'how often the server, or one worker, is started again when it crashes again and again; 30 s without a crash count as a new beginning',
    default: 10,
    parse: wholeNumber(0),
  },
  every: {
    flags: '--every <STEPS>',
    description: 'report progress at least every so many steps',
    default: 10,
    parse: wholeNumber(1),
  },
  holdAt: {
    flags: '--hold-at <STEP>',
    description: "wait before that step until 'paceline resume URL'; may be repeated",
    default: [],
    defaultText: 'none',
    parse: repeated(wholeNumber(0)),
  },
  holdEvery: {
    flags: '--hold-every <STEPS>',
    description: 'wait as well before each multiple of so many steps',
    parse: wholeNumber(1),
  },
  json: {
    flags: '--json',
    description: 'events as one JSON object a line on standard output',
  },
  quiet: {
    flags: '--quiet',
    description: 'only the result and errors',
  },
  logLevel: {
    flags: '--log-level <LEVEL>',
    description: 'how much is logged to standard error',
    choices: ['debug', 'info', 'warn', 'error', 'silent'],
    default: 'info',
  },
  logFormat: {
    flags: '--log-format <FORMAT>',
    description: 'lines for people, or JSON for collectors; the default is pretty on a terminal',
    choices: ['pretty', 'json'],
  },
  name: {
    flags: '--name <NAME>',
    description: "the worker's name, unique in the run; the default is made of host and process",
    parse: parseWorkerName,
  },
  job: {
    flags: '--job <JOB>',
    description: 'the job file, when the job holds functions that cannot travel from the server',
  },
  connectTimeout: {
    flags: '--connect-timeout <TIME>',
    description: 'how long to try to reach the server at the start',
    default: 60_000,
    defaultText: '60s',
    parse: parseDurationMs,
  },
  reconnectTimeout: {
    flags: '--reconnect-timeout <TIME>',
    description: 'how long to try again after the connection was lost',
    default: 600_000,
    defaultText: '10m',
    parse: parseDurationMs,
  },
  grace: {
    flags: '--grace <TIME>',
    description: 'after SIGTERM: time to finish or hand back the step',
    default: 2_000,
    defaultText: '2s',
    parse: parseDurationMs,
  },
  linger: {
    flags: '--linger <TIME>',
    description:
      'how long to stay after the end, unless stopped, and tell workers that come late that it is over; or forever',
    default: 0,
    defaultText: '0s',
    parse: (text) => (text === 'forever' ? Infinity : parseDurationMs(text)),
  },
  healthFile: {
    flags: '--health-file <FILE>',
    description: 'where the process says that it is well, for the check of a container',
  },
  tokenFile: {
    flags: '--token-file <FILE>',
    description:
      'a file with the token, or with a line ROLE: TOKEN for each role; the text may also stand in PACELINE_TOKEN',
  },
  tlsCert: {
    flags: '--tls-cert <FILE>',
    description: 'the certificate to show, PEM; read again when it changes',
  },
  tlsKey: {
    flags: '--tls-key <FILE>',
    description: 'the private key of --tls-cert',
  },
  tlsCa: {
    flags: '--tls-ca <FILE>',
    description: "the authority that signed the server's certificate, for wss://",
  },
  tlsClientCa: {
    flags: '--tls-client-ca <FILE>',
    description: "the authority of clients' certificates; a worker then has the name in its own",
  },
};

function parseServerCount(text: string): number {
  const count = wholeNumber(1)(text);
  if (count > 1) {
    throw new InvalidArgumentError('More than one parameter server is not built yet.');
  }
  return count;
}

function parseWorkerName(text: string): string {
  if (!/^[\w.-]{1,64}$/.test(text)) {
    throw new InvalidArgumentError(
      'It must be 1 to 64 letters, digits, dots, dashes or underscores.',
    );
  }
  return text;
}
