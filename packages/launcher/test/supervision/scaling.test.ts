import { describe, expect, it } from 'vitest';

import type { SupervisionEvent } from '../../src/supervision/events.ts';
import { after, exited, phases, restartOf, training } from '../support/policy.ts';

function scaleTo(workers: number): SupervisionEvent {
  return { type: 'scale', workers };
}

describe('a run that is scaled', () => {
  it('up: gets workers with new names', () => {
    expect(after(...training, scaleTo(4)).effects).toEqual(['start w3', 'start w4']);
    expect(after(...training, exited('w2', 3), scaleTo(2)).effects).toEqual(['start w3']);
  });

  it('down: waits for the surplus that the server lets go, and does not start it again', () => {
    expect(after(...training, scaleTo(1)).effects).toEqual([]);
    const { state, effects } = after(...training, scaleTo(1), exited('w2', 0));
    expect(effects).toEqual([]);
    expect(phases(state)).toEqual({ server: 'running', w1: 'running', w2: 'gone' });
  });

  it('down: rather does without one that is about to be started again', () => {
    const { state, effects } = after(...training, exited('w2', 1), scaleTo(1), restartOf('w2'));
    expect(effects).toEqual([]);
    expect(phases(state)).toEqual({ server: 'running', w1: 'running', w2: 'gone' });
    expect(state.leaving).toBe(0);
  });

  it('down and up again: does not count on those that are leaving', () => {
    expect(after(...training, scaleTo(1), scaleTo(2)).effects).toEqual(['start w3']);
    const back = after(...training, scaleTo(1), exited('w1', 0), scaleTo(2));
    expect(back.effects).toEqual(['start w3']);
  });

  it('down: still starts again the one that stays when it crashes', () => {
    const { effects } = after(...training, scaleTo(1), exited('w1', 'SIGKILL'));
    expect(effects[1]).toBe('in 100: restart:w1');
  });

  it('not any more when it is ending', () => {
    expect(after(...training, { type: 'ended' }, scaleTo(4)).effects).toEqual([]);
  });
});
