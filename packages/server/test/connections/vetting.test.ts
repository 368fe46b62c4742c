import type { WorkerMessage } from '@paceline/protocol';
import { describe, expect, test } from 'vitest';
import type { RunState } from '../../src/run/state.ts';
import { transition } from '../../src/run/transition.ts';
import { vetMessage } from '../../src/connections/vetting.ts';
import { begin } from '../support/play.ts';
import { toyJob, toyLayoutMessage } from '../support/toy-run.ts';

const { settings } = toyJob();
const hello = { kind: 'hello', protocol: 1, name: 'w', pid: 1, host: 'here' } as const;
const layout = { kind: 'layout', ...toyLayoutMessage(settings) } as const;
const zeros = (length: number): { dtype: 'f32'; length: number; payload: Uint8Array } => ({
  dtype: 'f32',
  length,
  payload: new Uint8Array(4 * length),
});
const node = {
  kind: 'node',
  term: 1,
  step: 0,
  level: 0,
  index: 0,
  bucket: 1,
  ...zeros(8),
} as const;

function stateAfter(...inputs: readonly Parameters<typeof transition>[1][]): RunState {
  return inputs.reduce((state, input) => transition(state, input, 0).state, begin(1));
}

const connected = { kind: 'connected', connection: 1 } as const;
const greeted = { kind: 'hello', connection: 1, hello, freshSession: 's' } as const;
const described = { kind: 'layout', connection: 1, layout } as const;
const uploaded = [2, 3, 4, 5, 1].map(
  (bucket) => ({ kind: 'initial', connection: 1, bucket, payload: new Uint8Array() }) as const,
);
const initialized = { kind: 'initialized', digest: layout.initialDigest } as const;

const stranger = stateAfter(connected);
const preparing = stateAfter(connected, greeted);
const ready = stateAfter(connected, greeted, described);
const active = stateAfter(connected, greeted, described, ...uploaded, initialized);

function objectionTo(state: RunState, message: WorkerMessage, memoryBytes = 1e6): string {
  const objection = vetMessage(state, { connection: 1, message, memoryBytes });
  return objection === undefined ? 'none' : `${objection.reason}: ${objection.words}`;
}

test('what an honest worker says is taken, at every stage', () => {
  expect(active.phase).toBe('training');
  const goodbye = { kind: 'goodbye', reason: 'SIGTERM' } as const;
  const initial = { kind: 'initial', bucket: 1, ...zeros(8) } as const;
  expect(objectionTo(stranger, hello)).toBe('none');
  expect(objectionTo(preparing, layout)).toBe('none');
  expect(objectionTo(ready, initial)).toBe('none');
  expect(objectionTo(active, node)).toBe('none');
  expect(objectionTo(active, { ...node, step: 7, level: 30 })).toBe('none'); // the run judges other steps
  expect(objectionTo(active, goodbye)).toBe('none');
});

describe('refused is', () => {
  test.each<readonly [string, string, RunState, WorkerMessage]>([
    ['a node of a stranger', 'no-hello', stranger, node],
    ['a goodbye of a stranger', 'no-hello', stranger, { kind: 'goodbye', reason: '' }],
    ['a very long name', 'bad-field', stranger, { ...hello, name: 'x'.repeat(257) }],
    ['a name that clears the screen', 'bad-field', stranger, { ...hello, name: '\u001b[2J' }],
    ['a second hello', 'out-of-turn', preparing, hello],
    ['a node before the layout', 'out-of-turn', preparing, node],
    ['a node before the parameters', 'out-of-turn', ready, node],
    ['a second layout', 'out-of-turn', ready, layout],
    [
      'notices that clear the screen',
      'bad-field',
      preparing,
      { ...layout, notices: ['\u001b[2J'] },
    ],
    [
      'a hundred notices',
      'bad-field',
      preparing,
      { ...layout, notices: Array<string>(100).fill('!') },
    ],
    [
      'initial weights first',
      'out-of-turn',
      preparing,
      { kind: 'initial', bucket: 1, ...zeros(8) },
    ],
    ['a bucket beyond', 'no-such-place', active, { ...node, bucket: 6 }],
    ['bucket 2^53 - 1', 'no-such-place', active, { ...node, bucket: 2 ** 53 - 1 }],
    ['a sum of frozen numbers', 'no-such-place', active, { ...node, bucket: 5, ...zeros(3) }],
    ['too short a bucket', 'no-such-place', active, { ...node, ...zeros(7) }],
    ['too long a bucket', 'no-such-place', active, { ...node, ...zeros(9) }],
    ['a level above the root', 'no-such-place', active, { ...node, level: 4 }],
    ['level 2^53 - 1', 'no-such-place', active, { ...node, level: 2 ** 53 - 1 }],
    ['an index beyond the leaves', 'no-such-place', active, { ...node, index: 5 }],
    ['index 2^53 - 1', 'no-such-place', active, { ...node, index: 2 ** 53 - 1 }],
    ['initial scalars', 'no-such-place', ready, { kind: 'initial', bucket: 0, ...zeros(2) }],
    ['short initials', 'no-such-place', ready, { kind: 'initial', bucket: 1, ...zeros(7) }],
  ])('%s', (_what, reason, state, message) => {
    expect(objectionTo(state, message)).toMatch(new RegExp(`^${reason}: `));
  });
});

describe('a layout that would settle the run is refused', () => {
  const tensorsWith = (shape: readonly number[]): typeof layout => ({
    ...layout,
    tensors: [...layout.tensors, { name: 'more', shape, section: 'trainable' }],
  });
  test.each<readonly [string, Partial<typeof layout>]>([
    ['for its memory', tensorsWith([2 ** 30, 2 ** 20])],
    ['for sizes that are no numbers', tensorsWith([...Array<number>(30).fill(2 ** 53 - 1), 0])],
    ['for two tensors of one name', { tensors: [...layout.tensors, ...layout.tensors.slice(1)] }],
    ['for scalars that it does not name', { scalars: ['weight', 'loss', 'accuracy'] }],
    ['for nothing to train', { tensors: layout.tensors.slice(0, 1) }],
    ['without examples', { splits: { train: { examples: 0, digest: layout.probe } } }],
    ['for absurdly many', { splits: { train: { examples: 2 ** 40, digest: layout.probe } } }],
  ])('%s', (_what, change) => {
    expect(objectionTo(preparing, { ...layout, ...change })).toMatch(/^bad-layout: /);
  });
});
