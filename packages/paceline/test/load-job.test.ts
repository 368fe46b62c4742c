import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { builtinJobs } from '../src/jobs/registry.ts';
import { loadJob } from '../src/load-job.ts';

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'paceline-jobs-'));
});
afterAll(() => {
  rmSync(directory, { recursive: true });
});

let files = 0;
/** Writes a job file of a fresh name (a module is loaded once a process) and gives its path. */
function file(extension: string, text: string): string {
  const path = join(directory, `job${(files += 1)}.${extension}`);
  writeFileSync(path, text);
  return path;
}

const tiny = "model: (tf) => tf.sequential(), loss: 'meanSquaredError', data: { type: 'mnist' }";

/** How Node itself, which has another loader than Vitest, loads job files. */
function loadWithNode(paths: readonly string[]): unknown {
  const script = fileURLToPath(new URL('./support/load-jobs.ts', import.meta.url));
  const args = ['--conditions=paceline-source', script, ...paths];
  const { stdout, stderr } = spawnSync(process.execPath, args, {
    encoding: 'utf8',
    timeout: 15_000,
  });
  expect(stderr).toBe('');
  return JSON.parse(stdout);
}

describe('a built-in job', () => {
  it.each(Object.keys(builtinJobs))(
    '%s is complete and valid, and known by its name',
    async (name) => {
      const { job, source } = await loadJob(name);
      expect(source).toEqual({ kind: 'builtin', name });
      expect(job.settings.name).toBe(name);
      expect(job.functions.model).toBeTypeOf('function');
    },
  );

  it('takes overrides, which do not change what it declares', async () => {
    const { job } = await loadJob('mnist-mlp', { set: ['until.epochs=1', 'seed=7'] });
    expect(job.settings).toMatchObject({ seed: 7, until: { epochs: 1 } });
    expect(job.declared).toMatchObject({ seed: 42, until: { epochs: 3 } });
  });
});

describe('a job file', () => {
  it('may be anywhere on the disk and still import paceline, without a warning of Node', () => {
    const path = file(
      'ts',
      `import { defineJob } from 'paceline'; const job: object = { ${tiny} }; export default defineJob(job as never);`,
    );
    expect(loadWithNode([path])).toEqual([{ source: { kind: 'file', name: path } }]);
  });

  it('is TypeScript with a default export', async () => {
    const path = file(
      'ts',
      `const size: number = 64;
       export default { model: (tf) => tf.sequential(), loss: 'mse', data: { type: 'mnist', flatten: true }, batchSize: size };`,
    );
    const { job, source } = await loadJob(path);
    expect(source).toEqual({ kind: 'file', name: path });
    expect(job.settings).toMatchObject({
      batchSize: 64,
      data: { type: 'mnist', flatten: true },
      loss: 'meanSquaredError',
    });
  });

  it('may be relative, and has the name of its file, or of its folder', async () => {
    mkdirSync(join(directory, 'xor'));
    writeFileSync(join(directory, 'xor', 'job.mjs'), `export default { ${tiny} };`);
    writeFileSync(join(directory, 'adder.mjs'), `export default { ${tiny} };`);
    const names = ['xor/job.mjs', './adder.mjs'].map(
      async (name) => (await loadJob(name, { directory })).job.settings.name,
    );
    expect(await Promise.all(names)).toEqual(['xor', 'adder']);
  });

  it('may be JSON, and is then data only', async () => {
    const path = file(
      'json',
      JSON.stringify({
        model: { type: 'layers', topology: { class_name: 'Sequential', config: {} } },
        loss: 'meanSquaredError',
        data: { type: 'arrays', train: { x: [[1], [2]], y: [[2], [4]] } },
        batchSize: 2,
      }),
    );
    expect((await loadJob(path)).source.kind).toBe('data');
  });

  it('keeps data that are functions for the workers', async () => {
    const path = file(
      'mjs',
      `const train = { examples: 4, read: () => ({ x: [], y: [] }) };
       export default { model: (tf) => tf.sequential(), loss: 'mse', data: { type: 'function', train } };`,
    );
    const { job } = await loadJob(path);
    expect(job.settings.data).toEqual({ type: 'function' });
    expect(job.functions.data).toHaveProperty('train.examples', 4);
  });
});

describe('what is wrong with a job', () => {
  it('is said with its place, by Node and by us', () => {
    const cases: readonly (readonly [string, string, string, RegExp])[] = [
      ['mjs', 'export default {\n  a: 1,,\n};', 'job-syntax', /job\d+\.mjs:2: Unexpected token/],
      ['ts', 'export default {\n  a: 1 as number,,\n};', 'job-syntax', /job\d+\.ts:2: /],
      ['json', '{\n  "a": 1,\n}', 'job-syntax', /job\d+\.json: .*line 3/],
      ['ts', 'enum A { B }\nexport default A;', 'job-typescript', /job\d+\.ts:1: .*no enum, name/],
      ['mjs', 'export const job = 1;', 'job-no-default-export', /has no default export/],
      ['mjs', "import 'no-such-package';", 'job-import', /Cannot find package 'no-such-package'/],
      ['ts', "import './no-such-file';", 'job-import', /correct the path \(with its extension\)/],
      [
        'mjs',
        '\nthrow new RangeError("too much");',
        'job-threw',
        /:2: the job file threw: too much/,
      ],
      ['mjs', 'export default 17;', 'invalid-job', /a job is an object/],
      [
        'mjs',
        `export default { ${tiny}, batchsize: 1 };`,
        'invalid-job',
        /^batchsize: unknown field/,
      ],
      ['yaml', 'a: 1', 'job-unreadable', /ends in "\.yaml"/],
    ];
    const results = loadWithNode(cases.map(([extension, text]) => file(extension, text)));
    expect(results).toEqual(
      cases.map(([, , code, message]) => ({
        code,
        message: expect.stringMatching(message) as string,
      })),
    );
  });

  it('is said when there is no such job, with the nearest name', async () => {
    await expect(loadJob('mnist-mpl', { directory })).rejects.toMatchObject({
      code: 'job-not-found',
      message: expect.stringContaining('Did you mean mnist-mlp?') as string,
    });
    await expect(loadJob(directory)).rejects.toThrow('is a folder');
  });
});
