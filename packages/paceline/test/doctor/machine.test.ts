import { describe, expect, it } from 'vitest';

import { examineMachine } from '../../src/doctor/machine.ts';

const machine = {
  nodeVersion: '24.21.0',
  platform: 'linux',
  architecture: 'x64',
  cores: 2,
  memoryBytes: 24 * 2 ** 30,
};

describe('the examination of a machine', () => {
  it('finds nothing to say about Node 24 and a core for each worker', () => {
    expect(examineMachine(machine, 2).map(({ status, text }) => [status, text])).toEqual([
      ['ok', '24.21.0 on linux x64'],
      ['ok', '2 for 2 workers, 24.0 GiB of memory'],
    ]);
  });

  it('says what to do about an older Node and too few cores', () => {
    const [node, cores] = examineMachine({ ...machine, nodeVersion: '22.18.0' }, 4);
    expect(node).toMatchObject({ status: 'warn' });
    expect(cores).toMatchObject({
      status: 'warn',
      remedy: expect.stringContaining('--workers 2') as string,
    });
  });
});
