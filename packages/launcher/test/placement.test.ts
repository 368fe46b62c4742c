import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';

import { parseCores, placeRun } from '../src/placement.ts';

const works = (): boolean => true;
const anywhere = { server: [], workers: [] };

describe('placing a run', () => {
  it('gives each worker a core when they are as many as the cores, and nobody interrupts another', () => {
    expect(placeRun(2, { cores: [4, 7], works })).toEqual({
      server: ['chrt', '-b', '0'],
      workers: [
        ['chrt', '-b', '0', 'taskset', '-c', '4'],
        ['chrt', '-b', '0', 'taskset', '-c', '7'],
      ],
    });
  });

  it.each([
    ['fewer than the cores', 3, [0, 1, 2, 3]],
    ['more than the cores', 3, [0, 1]],
    ['a single one', 1, [0]],
    ['any, where the cores are not known', 2, []],
  ])('leaves it to the scheduler with %s', (_words, workers, cores) => {
    expect(placeRun(workers, { cores, works })).toEqual(anywhere);
  });

  it('leaves it to the scheduler where a sandbox refuses', () => {
    const refuses = (prefix: readonly string[]): boolean => !prefix.includes('1');
    expect(placeRun(2, { cores: [0, 1], works: refuses })).toEqual(anywhere);
  });

  it('is what the system does, where it has these programs', () => {
    const [status] = ['chrt', 'taskset'].map((name) => spawnSync(name, ['--version']).status);
    const { workers } = placeRun(2, { cores: [0, 0], works });
    const [command = '', ...args] = workers[0] ?? [];
    const shown = spawnSync(command, [...args, 'cat', '/proc/self/status'], { encoding: 'utf8' });
    if (status === 0) expect(shown.stdout).toMatch(/^Cpus_allowed_list:\t0$/m);
  });
});

describe('sets of cores', () => {
  it.each([
    ['0-2,5', [0, 1, 2, 5]],
    ['3', [3]],
    ['', []],
    ['x-y', []],
  ])('are read from %s', (text, cores) => {
    expect(parseCores(text)).toEqual(cores);
  });
});
