import { describe, expect, it } from 'vitest';

import { after, begin, begun, exited, phases } from '../support/policy.ts';

describe('the start of a run', () => {
  it('is all processes together: the workers look for the server where it is going to listen', () => {
    expect(after(begin).effects).toEqual([
      'start server',
      'in 60000: start',
      'start w1',
      'start w2',
    ]);
    expect(after(...begun).effects).toEqual([]);
  });

  it('fails with the words of the server when it refuses its job', () => {
    const { state, effects } = after(begin, exited('server', 2));
    expect(effects).toEqual(['SIGTERM w1', 'SIGTERM w2', 'in 800: kill']);
    expect(state.cause).toEqual({
      process: 'server',
      words: 'exited with code 2 (bad usage or job)',
      code: 2,
      lastLines: ['last words'],
    });
  });

  it('fails when the server does not say its address in time', () => {
    const { state, effects } = after(begin, { type: 'timer', timer: 'start' });
    expect(effects).toEqual(['SIGTERM server', 'SIGTERM w1', 'SIGTERM w2', 'in 800: kill']);
    expect(state.cause?.words).toBe('did not say its address within 60 s');
    expect(after(...begun, { type: 'timer', timer: 'start' }).effects).toEqual([]);
  });

  it('fails when a worker says that it cannot work: without it, training would never begin', () => {
    for (const code of [2, 3, 4]) {
      const { state, effects } = after(...begun, exited('w2', code));
      expect(effects).toEqual(['SIGTERM server', 'SIGTERM w1', 'in 800: kill']);
      expect(state.cause).toMatchObject({ process: 'w2', code });
    }
  });

  it('goes on when a worker crashes: it is started again', () => {
    const { state } = after(...begun, exited('w2', 'SIGSEGV'));
    expect(phases(state)).toEqual({ server: 'running', w1: 'running', w2: 'waiting' });
  });
});
