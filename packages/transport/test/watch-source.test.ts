import { createManualClock } from '@paceline/telemetry/testing';
import { watchSource } from '@paceline/transport';
import type { Reload } from '@paceline/transport';
import { expect, it } from 'vitest';

it('a source is looked at every ten seconds; a change for the worse is told once, and changes nothing', async () => {
  const clock = createManualClock();
  let there: readonly string[] | Error = ['a'];
  const used: unknown[] = [];
  const told: Reload[] = [];
  const stop = watchSource<readonly string[]>(
    {
      read() {
        if (there instanceof Error) throw there;
        return there;
      },
      use(value) {
        if (value.includes('bad')) throw new Error('not good');
        used.push(value);
      },
      onReload: (outcome) => told.push(outcome),
    },
    ['a'],
    clock,
  );
  await clock.advance(30_000);
  expect([used, told]).toEqual([[], []]);

  there = ['b'];
  await clock.advance(9_999);
  await clock.advance(1);
  expect([used, told]).toEqual([[['b']], [{ kind: 'reloaded' }]]);

  there = new Error('gone');
  await clock.advance(30_000);
  there = ['bad'];
  await clock.advance(30_000);
  expect([used, told.slice(1)]).toEqual([
    [['b']],
    [
      { kind: 'failed', words: 'gone' },
      { kind: 'failed', words: 'not good' },
    ],
  ]);

  there = ['b'];
  await clock.advance(10_000);
  expect([used.at(-1), told.at(-1)]).toEqual([['b'], { kind: 'reloaded' }]);
  stop();
  expect(clock.pendingTimers).toBe(0);
});
