import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { defaultRunFolder } from '../src/run-folder.ts';

const moment = new Date(2026, 7, 30, 17, 4, 3).getTime();

describe('the default folder of a run', () => {
  it('has the job and the local time in its name', () => {
    expect(defaultRunFolder('xor', moment, () => false)).toBe(join('runs', 'xor-20260830-170403'));
  });

  it('is never one that exists', () => {
    const taken = [join('runs', 'xor-20260830-170403'), join('runs', 'xor-20260830-170403-2')];
    const folder = defaultRunFolder('xor', moment, (path) => taken.includes(path));
    expect(folder).toBe(join('runs', 'xor-20260830-170403-3'));
  });
});
