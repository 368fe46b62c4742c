import { describe, expect, it } from 'vitest';

import type { ProcessExit } from '../src/exit.ts';
import { createSupervision } from '../src/supervision-state.ts';
import type {
  SupervisionEffect,
  SupervisionEvent,
  SupervisionState,
} from '../src/supervision-state.ts';
import { supervise } from '../src/supervision.ts';

const limits = { restartsPerWorker: 2, startMs: 60_000, leaveMs: 5000, stopMs: 1700, killMs: 800 };

function exit(code: number | null, signal: string | null = null): ProcessExit {
  return { code, signal, lastLines: ['last words'] };
}

/** Runs events through the policy; effects come as short words. */
function run(events: readonly SupervisionEvent[]): {
  readonly state: SupervisionState;
  readonly last: readonly string[];
} {
  let state = createSupervision(['w1', 'w2'], limits);
  let last: readonly string[] = [];
  for (const event of events) {
    const transition = supervise(state, event);
    state = transition.state;
    last = transition.effects.map(words);
  }
  return { state, last };
}

function words(effect: SupervisionEffect): string {
  switch (effect.type) {
    case 'start':
      return `start ${effect.process}${effect.again ? ' again' : ''}`;
    case 'signal':
      return `${effect.signal} ${effect.process}`;
    case 'timer':
      return `in ${effect.delayMs}: ${effect.timer}`;
    case 'report':
      return effect.event.type === 'fault' ? effect.event.detail : effect.event.type;
    case 'finish':
      return 'finish';
  }
}

const begun: readonly SupervisionEvent[] = [{ type: 'begin' }, { type: 'listening' }];
const training: readonly SupervisionEvent[] = [...begun, { type: 'training' }];
const sigint: SupervisionEvent = { type: 'stop', signal: 'SIGINT', atOnce: false };

describe('supervision', () => {
  it('starts the server, and the workers once the server said its address', () => {
    expect(run([{ type: 'begin' }]).last).toEqual(['start server', 'in 60000: start']);
    expect(run(begun).last).toEqual(['start w1', 'start w2']);
  });

  it('ends the run with the first cause when the server fails before it listens', () => {
    const { state, last } = run([
      { type: 'begin' },
      { type: 'exited', process: 'server', exit: exit(2) },
    ]);
    expect(last).toEqual(['finish']);
    expect(state.cause).toEqual({
      process: 'server',
      words: 'exited with code 2 (bad usage or job)',
      code: 2,
      lastLines: ['last words'],
    });
  });

  it('gives up on a server that does not say its address in time', () => {
    const { state, last } = run([{ type: 'begin' }, { type: 'timer', timer: 'start' }]);
    expect(last).toEqual(['SIGTERM server', 'in 800: kill']);
    expect(state.cause?.words).toBe('did not say its address within 60 s');
  });

  it('starts a worker that crashed again, after 0.5 s and then 1 s, and then no more', () => {
    const crash: SupervisionEvent = { type: 'exited', process: 'w1', exit: exit(null, 'SIGKILL') };
    const restart: SupervisionEvent = { type: 'timer', timer: 'restart:w1' };
    expect(run([...training, crash]).last).toEqual([
      'worker w1 was ended by SIGKILL; is started again. Its last words: last words',
      'in 500: restart:w1',
    ]);
    expect(run([...training, crash, restart]).last).toEqual(['start w1 again']);
    expect(run([...training, crash, restart, crash]).last).toContain('in 1000: restart:w1');
    expect(run([...training, crash, restart, crash, restart, crash]).last).toEqual([
      'worker w1 was ended by SIGKILL; the others go on. Its last words: last words',
    ]);
  });

  it('does not start a worker again that says itself that it cannot work', () => {
    for (const code of [2, 3, 4]) {
      const { state, last } = run([
        ...training,
        { type: 'exited', process: 'w1', exit: exit(code) },
      ]);
      expect(last).toHaveLength(1);
      expect(state.processes).toMatchObject({ server: 'running', w1: 'gone', w2: 'running' });
    }
  });

  it('ends a run that cannot begin because a worker refused the job', () => {
    const { state, last } = run([...begun, { type: 'exited', process: 'w2', exit: exit(2) }]);
    expect(last).toEqual(['SIGTERM server', 'SIGTERM w1', 'in 800: kill']);
    expect(state.cause).toMatchObject({ process: 'w2', code: 2 });
  });

  it('ends the run when the last worker is gone for good, and keeps the first cause', () => {
    const { state, last } = run([
      ...training,
      { type: 'exited', process: 'w1', exit: exit(3) },
      { type: 'exited', process: 'w2', exit: exit(3) },
      { type: 'exited', process: 'server', exit: exit(143) },
    ]);
    expect(last).toEqual(['finish']);
    expect(state.cause).toMatchObject({ process: 'w2', code: 3 });
  });

  it('lets everybody leave after the end, then asks, then kills', () => {
    const ended: readonly SupervisionEvent[] = [...training, { type: 'ended' }];
    expect(run(ended).last).toEqual(['in 5000: leave']);
    expect(run([...ended, { type: 'exited', process: 'server', exit: exit(0) }]).last).toEqual([]);
    const asked: readonly SupervisionEvent[] = [...ended, { type: 'timer', timer: 'leave' }];
    expect(run(asked).last).toEqual(['SIGTERM server', 'SIGTERM w1', 'SIGTERM w2', 'in 800: kill']);
    expect(run([...asked, { type: 'timer', timer: 'kill' }]).last).toEqual([
      'SIGKILL server',
      'SIGKILL w1',
      'SIGKILL w2',
    ]);
  });

  it('asks the workers to leave at once when the server is gone', () => {
    const crash: SupervisionEvent = {
      type: 'exited',
      process: 'server',
      exit: exit(null, 'SIGSEGV'),
    };
    const { state, last } = run([...training, crash]);
    expect(last).toEqual(['SIGTERM w1', 'SIGTERM w2', 'in 800: kill']);
    expect(state.cause).toMatchObject({
      process: 'server',
      words: 'was ended by SIGSEGV',
      code: 3,
    });
  });

  it('stops within 2.5 s after Ctrl-C: the server first, then the workers, then by force', () => {
    expect(run([...training, sigint]).last).toEqual(['SIGTERM server', 'in 1700: leave']);
    expect(run([...training, sigint, { type: 'timer', timer: 'leave' }]).last).toContain(
      'in 800: kill',
    );
    expect(limits.stopMs + limits.killMs).toBeLessThan(3000);
  });

  it('kills at once at the second Ctrl-C', () => {
    expect(run([...training, sigint, sigint]).last).toEqual([
      'SIGKILL server',
      'SIGKILL w1',
      'SIGKILL w2',
    ]);
  });

  it('does not start a crashed worker again while it stops', () => {
    const { state, last } = run([
      ...training,
      { type: 'exited', process: 'w1', exit: exit(1) },
      sigint,
      { type: 'timer', timer: 'restart:w1' },
    ]);
    expect(last).toEqual([]);
    expect(state.processes['w1']).toBe('gone');
  });

  it('is not a failure of the server when a signal asked for the end', () => {
    const { state, last } = run([
      ...begun,
      sigint,
      { type: 'exited', process: 'w1', exit: exit(143) },
      { type: 'exited', process: 'w2', exit: exit(null, 'SIGTERM') },
      { type: 'exited', process: 'server', exit: exit(143) },
    ]);
    expect(last).toEqual(['finish']);
    expect(state.cause).toBeUndefined();
    expect(state.stopSignal).toBe('SIGINT');
  });

  it('finishes once, whatever comes afterwards', () => {
    const events: readonly SupervisionEvent[] = [
      { type: 'begin' },
      { type: 'exited', process: 'server', exit: exit(2) },
      sigint,
    ];
    expect(run(events).last).toEqual([]);
  });
});
