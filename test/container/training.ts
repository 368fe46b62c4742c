import { randomBytes } from 'node:crypto';
import { chown, mkdtemp, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { GenericContainer, Network, Wait } from 'testcontainers';
import { root } from '../architecture/workspace.ts';
import type { DockerEngine } from './engine/engine.ts';
import { whenStarted } from './cluster/start-container.ts';
import { imageOf, type Target } from './images/images.ts';
import { run } from '../support/run.ts';

/** How a run ended. */
export interface TrainingEnd {
  /** The `end` event. */
  readonly end: Readonly<Record<string, unknown>>;
  /** Names of the workers that joined, in that order. */
  readonly workers: readonly string[];
  /** The weights of the saved model, as the file on the host has them. */
  readonly weights: Buffer;
}

export interface TrainingOptions {
  readonly backend: 'wasm' | 'tensorflow';
  readonly steps: number;
  /** Where the folder of the run is made. */
  readonly folder: string;
}

const job = 'mnist-mlp';
const workerCount = 2;
// By name: for an alias testcontainers needs Docker's default bridge, which the engine of these tests does without.
const serverName = 'paceline-test-server';
const trainingMs = 120_000;
/** Containers are other machines to each other. */
export const token = { PACELINE_TOKEN: randomBytes(32).toString('hex') };

/** Trains with processes of this machine, as the command line does it. */
export const trainLocally = async (options: TrainingOptions): Promise<TrainingEnd> => {
  const out = await mkdtemp(join(options.folder, 'local-'));
  const stdout = await run(process.execPath, [
    ...[join(root, 'apps/cli/bin/paceline.js'), 'train', job, '--workers', String(workerCount)],
    ...['--set', `until.steps=${options.steps}`, '--backend', options.backend],
    ...['--out', out, '--json'],
  ]);
  return readEnd(stdout, out);
};

/** Trains with a server and two workers, each in a container, on a network of their own; all must end with code 0. */
export const trainInContainers = async (
  engine: DockerEngine,
  worker: Target,
  options: TrainingOptions,
): Promise<TrainingEnd> => {
  const out = await mkdtemp(join(options.folder, 'containers-'));
  await chown(out, 1000, 1000); // The user of the images.
  await using network = await new Network().start();
  await using server = await new GenericContainer(imageOf('server'))
    .withNetwork(network)
    .withName(serverName)
    .withEnvironment(token)
    .withBindMounts([{ source: out, target: '/out' }])
    .withCommand([
      ...[job, '--min-workers', String(workerCount), '--json'],
      ...['--set', `until.steps=${options.steps}`, '--set', `backend=${options.backend}`],
    ])
    .withWaitStrategy(Wait.forLogMessage(/"event":"started"/))
    .start();
  const start = () =>
    new GenericContainer(imageOf(worker))
      .withNetwork(network)
      .withEnvironment(token)
      .withWaitStrategy(whenStarted())
      .withCommand([`ws://${serverName}:7070`])
      .start();
  await using first = await start();
  await using second = await start();
  const ids = [server, first, second].map((container) => container.getId());
  const codes = await engine
    .docker(['wait', ...ids], { timeoutMs: trainingMs })
    .catch(() => 'no end in time');
  const logs = await Promise.all(ids.map((id) => engine.docker(['logs', id])));
  if (codes !== '0\n0\n0\n') {
    throw new Error(`server and workers ended with: ${codes}\n${logs.join('\n')}`);
  }
  return await readEnd(logs[0] ?? '', out);
};

/** The end among events, one a line, and the weights in the run's folder. */
export const readEnd = async (stdout: string, out: string): Promise<TrainingEnd> => {
  const events = stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);
  const end = events.find(({ type }) => type === 'end');
  if (end === undefined) throw new Error(`no end in:\n${stdout}`);
  const joined = events.filter(({ type, event }) => type === 'worker' && event === 'joined');
  return {
    end,
    workers: joined.map(({ worker }) => String(worker)),
    weights: await readFile(join(out, 'model/weights.bin')),
  };
};
