import { describe, expect, it } from 'vitest';

import type { SupervisionEvent } from '../../src/supervision/events.ts';
import {
  after,
  begin,
  begun,
  exited,
  limits,
  restartOf,
  sigint,
  training,
} from '../support/policy.ts';

const leave: SupervisionEvent = { type: 'timer', timer: 'leave' };

describe('a run that said its end', () => {
  const ended: readonly SupervisionEvent[] = [...training, { type: 'ended' }];

  it('lets everybody leave, then asks, then kills', () => {
    expect(after(...ended).effects).toEqual(['in 5000: leave']);
    expect(after(...ended, exited('server', 0)).effects).toEqual([]);
    expect(after(...ended, leave).effects).toEqual([
      'SIGTERM server',
      'SIGTERM w1',
      'SIGTERM w2',
      'in 800: kill',
    ]);
    expect(after(...ended, leave, { type: 'timer', timer: 'kill' }).effects).toEqual([
      'SIGKILL server',
      'SIGKILL w1',
      'SIGKILL w2',
    ]);
  });

  it('starts nothing again', () => {
    expect(after(...ended, exited('w1', 'SIGKILL')).effects).toEqual([]);
    expect(after(...ended, exited('server', 'SIGKILL')).effects).toEqual([
      'SIGTERM w1',
      'SIGTERM w2',
      'in 800: kill',
    ]);
  });

  it('has no cause when the server was stopped over the network, and one when training failed', () => {
    const all = [exited('w1', 0), exited('w2', 0)];
    expect(after(...ended, exited('server', 143), ...all).state).toMatchObject({ phase: 'done' });
    expect(after(...ended, exited('server', 143), ...all).state.cause).toBeUndefined();
    expect(after(...ended, exited('server', 3), ...all).state.cause?.code).toBe(3);
  });
});

describe('a request to stop', () => {
  it('is over within 2.5 s: the server first, then everybody, then by force', () => {
    expect(after(...training, sigint).effects).toEqual(['SIGTERM server', 'in 1700: leave']);
    expect(after(...training, sigint, leave).effects).toContain('in 800: kill');
    expect(limits.stopMs + limits.killMs).toBeLessThan(3000);
  });

  it('asks the workers as soon as the server is gone, and nobody twice', () => {
    const gone = exited('server', 143);
    expect(after(...training, sigint, gone).effects).toEqual([
      'SIGTERM w1',
      'SIGTERM w2',
      'in 800: kill',
    ]);
    expect(after(...training, sigint, leave, gone).effects).toEqual([]);
    expect(after(...training, sigint, gone, leave).effects).toEqual([]);
  });

  it('asks the workers at once while the server is down, and starts it no more', () => {
    const down = [...training, exited('server', 'SIGKILL')];
    expect(after(...down, sigint).effects).toEqual(['SIGTERM w1', 'SIGTERM w2', 'in 800: kill']);
    expect(after(...down, sigint, restartOf('server')).effects).toEqual([]);
  });

  it('kills at once when it comes a second time', () => {
    expect(after(...training, sigint, sigint).effects).toEqual([
      'SIGKILL server',
      'SIGKILL w1',
      'SIGKILL w2',
    ]);
  });

  it('starts no crashed worker again', () => {
    const { state, effects } = after(...training, exited('w1', 1), sigint, restartOf('w1'));
    expect(effects).toEqual([]);
    expect(state.processes['w1']?.phase).toBe('gone');
  });

  it('makes no failure of what ends because of it', () => {
    const ends = [exited('w1', 143), exited('w2', 'SIGTERM'), exited('server', 143)];
    const { state, effects } = after(...begun, sigint, ...ends);
    expect(effects).toEqual(['finish']);
    expect(state.cause).toBeUndefined();
    expect(state.stopSignal).toBe('SIGINT');
  });

  it('changes nothing when all is over', () => {
    const over = [exited('server', 2), exited('w1', 143), exited('w2', 143)];
    expect(after(begin, ...over, sigint).effects).toEqual([]);
  });
});
