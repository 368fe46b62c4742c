import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { packageRules } from '../architecture/table.ts';
import { readManifest, root } from '../architecture/workspace.ts';
import { eventsOf, type InstalledProject, installProject, readJson } from './installed.ts';
import * as userFiles from './user-files.ts';

// The oldest Node that the packages say they support, and the one that the repository is developed on.
const nodeMajors = [22, 24];

/** By Node: the hash of the weights after training MNIST. */
const weights = new Map<number, unknown>();

let scratch: string;
let project: InstalledProject;

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'paceline-package-'));
  project = await installProject(scratch, nodeMajors);
  await project.write('tsconfig.json', userFiles.userTsconfig);
  await project.write('job.ts', userFiles.jobFile);
  await project.write('wrong-job.ts', userFiles.wrongJobFile);
  await project.write('train.ts', userFiles.trainingScript);
  await project.write('fit.ts', userFiles.fitScript);
  await project.write('rows-job.ts', userFiles.rowsJobFile);
  await project.write('rows.csv', userFiles.rowsFile);
});

afterAll(async () => {
  await rm(scratch, { recursive: true });
});

describe.each(packageRules)('the tarball of $name', ({ name, folder }) => {
  const filesOf = (): readonly string[] =>
    project.tarballs.find((tarball) => tarball.name === name)?.files ?? [];

  test('brings every file that its manifest names', () => {
    const { exports = {}, bin = {} } = readManifest(folder);
    const targets = Object.values(exports).flatMap((target) =>
      typeof target === 'string' ? [target] : [target['types'], target['default']],
    );
    const programs = typeof bin === 'string' ? [bin] : Object.values(bin);
    const named = [...targets, ...programs].map((path) => path?.replace(/^\.\//, ''));
    expect(named.filter((path) => path === undefined || !filesOf().includes(path))).toEqual([]);
  });

  test('brings the licence and a README', () => {
    expect(filesOf()).toEqual(expect.arrayContaining(['LICENSE', 'README.md']));
  });

  test('brings nothing whose source is gone', () => {
    const stale = filesOf().filter((path) => {
      const source = path.replace(/^dist\//, 'src/').replace(/(\.d\.ts|\.js)(\.map)?$/, '.ts');
      return /^src\/.*\.ts$/.test(source) && !existsSync(join(root, folder, source));
    });
    expect(stale, `delete ${folder}/dist and build again`).toEqual([]);
  });

  test('brings no sources, tests or caches', () => {
    const stray = filesOf().filter((path) =>
      /(^|\/)(src|test)\/|\.tsbuildinfo$|(?<!\.d)\.ts$/.test(path),
    );
    expect(stray).toEqual([]);
  });
});

describe('a strict TypeScript project', () => {
  test('compiles a job and a script against the published types', async () => {
    const outcome = await project.run(24, ['npx', 'tsc', '-p', '.']);
    expect(outcome, outcome.stdout).toMatchObject({ code: 0 });
  });

  test('finds nothing wrong inside the declarations either', async () => {
    // Those of tfjs name the types of browsers, which a project for Node has not: only ours are looked at.
    const { stdout } = await project.run(24, ['npx', 'tsc', '-p', '.', '--skipLibCheck', 'false']);
    expect(stdout.split('\n').filter((line) => /^node_modules\/@?paceline/.test(line))).toEqual([]);
  });
});

describe.each(nodeMajors)('on Node %i, in a project that installed the tarballs', (major) => {
  test('that is the Node that runs', async () => {
    const { stdout } = await project.run(major, ['node', '--version']);
    expect(stdout).toMatch(new RegExp(`^v${major}\\.`));
  });

  test('the command line trains MNIST on WebAssembly', async () => {
    const outcome = await project.run(major, [
      ...['npx', 'paceline', 'train', 'mnist-mlp', '--workers', '2', '--backend', 'wasm'],
      ...['--set', 'until.steps=20', '--out', `mnist-${major}`, '--json'],
    ]);
    expect(outcome, outcome.stderr).toMatchObject({ code: 0 });
    const events = eventsOf(outcome);
    const eventOf = (wanted: string) => events.find(({ type }) => type === wanted);
    expect(eventOf('start')).toMatchObject({
      job: 'mnist-mlp',
      parameters: 101_770,
      backend: 'wasm',
    });
    const end = eventOf('end');
    expect(end).toMatchObject({ status: 'finished', steps: 20 });
    // Ten classes guessed at random cost ln 10 = 2.303; after 20 steps the model knows much better.
    expect(end?.['loss']).toBeLessThan(1.5);
    expect(await readJson(join(project.folder, `mnist-${major}/model/model.json`))).toHaveProperty(
      'weightsManifest',
    );
    weights.set(major, end?.['weightsSha256']);
  });

  test('code trains a job file of its own', async () => {
    const outcome = await project.run(major, ['node', 'train.ts', `plane-${major}`]);
    expect(outcome, outcome.stderr).toMatchObject({ code: 0 });
    const { end, steps } = JSON.parse(outcome.stdout) as { end: unknown; steps: number[] };
    expect(end).toMatchObject({ status: 'finished', steps: 200 });
    expect(steps).toHaveLength(200);
    // The data are a plane without noise, which the model can match exactly.
    expect((end as { loss: number }).loss).toBeLessThan(1e-3);
  });
});

test('a compiled model of the user is trained in place, with the same bits for 1 and 2 workers', async () => {
  const outcome = await project.run(24, ['node', 'fit.ts']);
  expect(outcome, outcome.stderr).toMatchObject({ code: 0 });
  const { shas, losses } = JSON.parse(
    outcome.stdout.slice(outcome.stdout.lastIndexOf('{"shas')),
  ) as {
    readonly shas: readonly string[];
    readonly losses: readonly (readonly [number, number, number])[];
  };
  expect(shas[0]).toMatch(/^[0-9a-f]{64}$/);
  expect(shas[1]).toBe(shas[0]);
  expect(losses[1]).toEqual(losses[0]);
  const [before = 0, after = 1, epochs] = losses[0] ?? [];
  expect(after).toBeLessThan(before / 20);
  expect(epochs).toBe(80);
});

test('rows of text are read by a thread of the package', async () => {
  const outcome = await project.run(24, [
    ...['npx', 'paceline', 'train', 'rows-job.ts', '--workers', '2', '--backend', 'wasm'],
    ...['--out', 'rows', '--json'],
  ]);
  expect(outcome, outcome.stderr).toMatchObject({ code: 0 });
  const end = eventsOf(outcome).find(({ type }) => type === 'end');
  expect(end).toMatchObject({ status: 'finished', steps: 180 });
  expect(end?.['loss']).toBeLessThan(1e-3);
});

test('every Node arrives at the same weights, bit for bit', () => {
  expect(weights.get(22)).toMatch(/^[0-9a-f]{64}$/);
  expect(weights.get(24)).toBe(weights.get(22));
});
