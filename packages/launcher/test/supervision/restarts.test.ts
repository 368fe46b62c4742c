import { describe, expect, it } from 'vitest';

import { nextStreak, restartDelayMs } from '../../src/supervision/restarts.ts';
import { after, begin, exited, phases, restartOf, training } from '../support/policy.ts';

const exit = { code: null, signal: 'SIGKILL', lastLines: [] };
const suspicion =
  'the system may have run out of memory (paceline did not kill it; the log of the kernel, or the memory limit of the container, tells)';

describe('the back-off', () => {
  it('is 0.1 s at first, doubles, and stays at 10 s; then there is no more start', () => {
    const delays = Array.from({ length: 11 }, (_, i) =>
      restartDelayMs({ crashes: i + 1, first: exit }, 10),
    );
    expect(delays).toEqual([
      ...[100, 200, 400, 800, 1600, 3200, 6400],
      ...[10_000, 10_000, 10_000, undefined],
    ]);
  });

  it('begins anew after 30 s of life', () => {
    const later = { ...exit, signal: 'SIGSEGV' };
    const streak = { crashes: 5, first: exit };
    expect(nextStreak(streak, later, 29_999)).toEqual({ crashes: 6, first: exit });
    expect(nextStreak(streak, later, 30_000)).toEqual({ crashes: 1, first: later });
  });
});

describe('a worker that crashes', () => {
  const crash = exited('w1', 'SIGKILL');
  const restart = restartOf('w1');

  it('is started again at once, and says so, and the others go on meanwhile', () => {
    expect(after(...training, crash).effects).toEqual([
      `worker w1 was ended by SIGKILL; ${suspicion}; it is started again in 0.1 s`,
      'in 100: restart:w1',
    ]);
    expect(after(...training, crash, restart).effects).toEqual(['start w1 again']);
    expect(after(...training, crash, restart, crash).effects[1]).toBe('in 200: restart:w1');
  });

  it('is given up with the first cause when it crashes again and again', () => {
    const again = [crash, restart, exited('w1', 1), restart, exited('w1', 1, 'no socket')];
    const { state, effects } = after(...training, ...again);
    expect(effects).toEqual([
      `worker w1 crashed 3 times in a row; the first time it was ended by SIGKILL; ${suspicion}; the others go on`,
    ]);
    expect(phases(state)).toEqual({ server: 'running', w1: 'gone', w2: 'running' });
  });

  it('has a new streak when it had lived for 30 s', () => {
    const { effects } = after(...training, crash, [1, restart], [31, crash]);
    expect(effects[1]).toBe('in 100: restart:w1');
  });

  it('ends the run when it was the last, with its first cause', () => {
    const { state, effects } = after(
      ...training,
      exited('w2', 0),
      ...[exited('w1', 134, 'heap out of memory'), restart, crash, restart, crash],
    );
    expect(effects).toEqual([
      'worker w1 crashed 3 times in a row; the first time it exited with code 134; it seems to have run out of memory ("heap out of memory"); it is given up. Its last words: heap out of memory',
      'SIGTERM server',
      'in 800: kill',
    ]);
    expect(state.cause).toEqual({
      process: 'w1',
      words:
        'crashed 3 times in a row; the first time it exited with code 134; it seems to have run out of memory ("heap out of memory")',
      code: 3,
      lastLines: ['heap out of memory'],
    });
  });
});

describe('a worker that ends by itself', () => {
  it('is not started again when it says that it cannot work', () => {
    for (const code of [2, 3, 4]) {
      const { state, effects } = after(...training, exited('w1', code));
      expect(effects).toHaveLength(1);
      expect(phases(state)).toEqual({ server: 'running', w1: 'gone', w2: 'running' });
    }
  });

  it('is no fault when it left in good order', () => {
    expect(after(...training, exited('w1', 0)).effects).toEqual([]);
  });

  it('ends the run when it was the last', () => {
    const { state } = after(...training, exited('w1', 3), exited('w2', 3), exited('server', 143));
    expect(state.phase).toBe('done');
    expect(state.cause).toMatchObject({ process: 'w2', code: 3 });
  });
});

describe('a server that crashes', () => {
  const crash = exited('server', 'SIGSEGV');
  const restart = restartOf('server');

  it('is started again, and must say its address again; the workers stay', () => {
    expect(after(...training, crash).effects).toEqual([
      'server crashed: it was ended by SIGSEGV; it is started again in 0.1 s. Its last words: last words',
      'in 100: restart:server',
    ]);
    const { state, effects } = after(...training, crash, restart);
    expect(effects).toEqual(['start server again', 'in 60000: start']);
    expect(phases(state)).toEqual({ server: 'running', w1: 'running', w2: 'running' });
  });

  it('is started again before training, too', () => {
    expect(after(begin, exited('server', 1)).effects[1]).toBe('in 100: restart:server');
  });

  it('is given up with the first cause, and the workers are asked to leave', () => {
    const again = [restart, exited('server', 1), restart, exited('server', 1)];
    const { state, effects } = after(...training, crash, ...again);
    expect(effects).toEqual([
      'server crashed: it crashed 3 times in a row; the first time it was ended by SIGSEGV; it is given up. Its last words: last words',
      'SIGTERM w1',
      'SIGTERM w2',
      'in 800: kill',
    ]);
    expect(state.cause).toMatchObject({
      process: 'server',
      words: 'crashed 3 times in a row; the first time it was ended by SIGSEGV',
      code: 3,
    });
  });

  it('is not started again after its own verdict', () => {
    for (const code of [2, 3]) {
      const { state, effects } = after(...training, exited('server', code));
      expect(effects).toEqual(['SIGTERM w1', 'SIGTERM w2', 'in 800: kill']);
      expect(state.cause).toMatchObject({ process: 'server', code });
    }
  });

  it('does not make a crash of a worker meanwhile the end of the run', () => {
    const { state, effects } = after(...training, crash, exited('w1', 3));
    expect(effects).toHaveLength(1);
    expect(phases(state)).toEqual({ server: 'waiting', w1: 'gone', w2: 'running' });
  });
});
