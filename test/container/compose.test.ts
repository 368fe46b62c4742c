import { readFileSync } from 'node:fs';
import { readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, inject } from 'vitest';
import { root } from '../architecture/workspace.ts';
import { requireOrSkip } from '../support/require.ts';
import { canFetchFromDebian } from './compose/debian.ts';
import { documented, untried } from './compose/documented.ts';
import { type ComposeProject, openProject } from './compose/project.ts';
import { provideCompose } from './compose/tools.ts';
import { sharedEngine } from './shared-engine.ts';
import { readEnd, trainLocally, type TrainingEnd } from './training.ts';

const canRun = inject('engine') !== undefined && canFetchFromDebian();
const testCompose = requireOrSkip('a Docker engine and the packages of Debian', canRun);

const steps = 90;
/** Short, on WebAssembly, and not before all four are there. */
const short = {
  PACELINE_SET: `until.steps=${steps}\nbackend=wasm`,
  PACELINE_MIN_WORKERS: '4',
};
const patience = { timeout: 120_000, interval: 200 };

let project: ComposeProject;
let local: TrainingEnd;

beforeAll(async () => {
  if (!canRun) return;
  const engine = sharedEngine();
  await provideCompose(engine);
  project = await openProject(engine);
  local = await trainLocally({ backend: 'wasm', steps, folder: engine.folder });
});

afterAll(async () => {
  if (canRun) await project[Symbol.asyncDispose]();
});

afterEach(async () => {
  if (!canRun) return;
  await project.type(documented('compose down'));
  for (const name of ['runs', 'secrets'])
    await rm(join(project.folder, name), { recursive: true, force: true });
});

/** What a run left on the host must be what a local run leaves. */
const expectSameModel = async (): Promise<void> => {
  const run = join(project.folder, 'runs/mnist-mlp');
  const { end, weights } = await readEnd(await readFile(join(run, 'events.ndjson'), 'utf8'), run);
  const { weightsSha256 } = local.end;
  expect(end).toMatchObject({ status: 'finished', steps, weightsSha256 });
  expect(weights.equals(local.weights)).toBe(true);
};

const ask = async (path: string, method = 'GET'): Promise<unknown> => {
  const headers = { authorization: `Bearer ${await project.token()}` };
  const response = await fetch(`http://127.0.0.1:${project.port}${path}`, { method, headers });
  return response.json();
};

interface Status {
  readonly phase: string;
  readonly step: number;
  readonly workers: readonly { readonly stage: string }[];
}

/** `holding at 20 with 4`, as soon as somebody answers. */
const progress = async (): Promise<string> => {
  const status = (await ask('/status.json').catch(() => undefined)) as Status | undefined;
  if (status === undefined) return 'nobody answers';
  const active = status.workers.filter(({ stage }) => stage === 'active').length;
  return `${status.phase} at ${status.step} with ${active}`;
};

describe('the commands of deploy/README.md', () => {
  testCompose(
    'build the images, train with four workers and leave the model on the host',
    async () => {
      const folder = documented('cd ');
      const command = documented('compose up --scale');
      const output = await project.type(`cd ../..; ${folder}; ${command}`, short);
      await expectSameModel();
      expect(output.match(/worker .* joined/g)).toHaveLength(4);
      const files = ['secrets/token', 'runs/mnist-mlp/model/weights.bin'];
      const stats = await Promise.all(files.map((file) => stat(join(project.folder, file))));
      expect(stats.map(({ uid, gid }) => [uid, gid])).toEqual([
        [1000, 1000],
        [1000, 1000],
      ]);
      expect((stats[0]?.mode ?? 0) & 0o777).toBe(0o600);
      // Nobody sees the token who may not read the file.
      const ids = (await project.type('docker compose ps --all --quiet')).trim().split('\n');
      expect(ids).toHaveLength(6);
      const seen = output + (await sharedEngine().docker(['inspect', ...ids]));
      expect(seen).not.toContain(await project.token());
    },
  );

  testCompose('scale down and up while it trains, with the same model', async () => {
    const holds = { PACELINE_HOLD_AT: '20\n45\n70' };
    await project.type(documented('compose up --detach'), { ...short, ...holds });
    await expect.poll(progress, patience).toBe('holding at 20 with 4');
    expect(await project.type(documented('status ws:'))).toContain('4 workers');
    const scale = documented('compose scale');
    await ask('/control/resume', 'POST');
    await project.type(scale, { ...short, ...holds });
    await expect.poll(progress, patience).toBe('holding at 45 with 2');
    await ask('/control/resume', 'POST');
    await project.type(scale.replace('=2', '=3'), { ...short, ...holds });
    await expect.poll(progress, patience).toBe('holding at 70 with 3');
    const rest = project.type(documented('compose logs'));
    await ask('/control/resume', 'POST');
    expect(await rest).toContain(`Finished ${steps} steps`);
    await expectSameModel();
  });

  testCompose('train over TLS, and a wrong token is one clear line on both sides', async () => {
    const files = '-f compose.yaml -f compose.tls.yaml';
    const prepare = `${documented('export OWNER')}; ${documented('paceline certs')}`;
    await project.type(prepare);
    const owner = documented('export OWNER');
    const up = `${owner}; ${documented('compose.tls.yaml up')} 2>&1`;
    const training = project.type(up, { ...short, PACELINE_HOLD_AT: '45' });
    const status = documented('status wss:');
    const look = () => project.type(status).catch((error: unknown) => String(error));
    await expect.poll(look, patience).toContain('holding, step 45');
    const wrong = '--env PACELINE_TOKEN_FILE= --env PACELINE_TOKEN=guessed-secret-000000';
    const guess = project.type(
      `${owner}; docker compose ${files} run -T --rm --no-deps ${wrong} worker`,
    );
    const words = await guess.then(() => 'it was let in', String);
    expect(words.split('\n').filter((line) => line.includes('token is wrong'))).toHaveLength(1);
    await project.type(status.replace('status', 'resume'));
    const output = await training;
    await expectSameModel();
    expect(output.match(/server-1 .*server started at wss:\/\//g)).toHaveLength(1);
    expect(output.match(/server-1 .*refused: unauthorized \(.*the token is wrong/g)).toHaveLength(
      1,
    );
  });

  testCompose('let Prometheus scrape the run, with its token', async () => {
    await project.type(documented('compose.prometheus.yaml up'), {
      ...short,
      PACELINE_HOLD_AT: '45',
    });
    await expect.poll(() => query('paceline_step'), patience).toBe('45');
    expect(await query('up{job="paceline"}')).toBe('1');
    expect(await query('paceline_workers{state="active"}')).toBe('4');
    expect(await query('paceline_run_info{job_name="mnist-mlp"}')).toBe('1');
    const examples = 45 * 256;
    expect(await query('paceline_examples_total')).toBe(String(examples));
    for (const expression of documentedQueries()) await query(expression);
  });

  testCompose('are all tried here', () => {
    expect(untried()).toEqual([]);
  });
});

/** The first number that Prometheus gives for an expression, or none. @throws Error where the expression is wrong */
const query = async (expression: string): Promise<string | undefined> => {
  const url = new URL(`http://127.0.0.1:${project.prometheusPort}/api/v1/query`);
  url.searchParams.set('query', expression);
  const answer = (await (await fetch(url)).json()) as Answer;
  if (answer.status !== 'success') throw new Error(`${expression}: ${answer.error ?? ''}`);
  return answer.data.result[0]?.value[1];
};

interface Answer {
  readonly status: string;
  readonly error?: string;
  readonly data: { readonly result: readonly { readonly value: readonly [number, string] }[] };
}

/** The expressions in docs/metrics.md. */
const documentedQueries = (): readonly string[] => {
  const text = readFileSync(join(root, 'docs/metrics.md'), 'utf8');
  const [, table = ''] = /\| expression .*\n((?:\|.*\n)+)/.exec(text) ?? [];
  return [...table.matchAll(/`([^`]+)` *\|$/gm)].map(([, expression = '']) => expression);
};
