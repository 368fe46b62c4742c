import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { requireOrSkip } from '../support/require.ts';
import type { Bounds } from './bounds.ts';
import { oneOnALane, twoOnALane, twoOverTcp } from './bounds.ts';
import type { CountedRun, StepCounts } from './count-step.ts';
import { countStep } from './count-step.ts';

const folder = mkdtempSync(join(tmpdir(), 'pl-counts-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});
const socket = `unix:${join(folder, 's')}`;
const testLane = requireOrSkip('shared memory as files', existsSync('/dev/shm'));

describe('a step of two workers on a lane', () => {
  declareBounds(twoOnALane, { listen: socket, workers: 2 }, testLane);
});

describe('a step of two workers over TCP', () => {
  declareBounds(twoOverTcp, { listen: '127.0.0.1:0', workers: 2 }, test);
});

describe('a step of one worker on a lane', () => {
  declareBounds(oneOnALane, { listen: socket, workers: 1 }, testLane);
});

/** A test for each bound, all of one run. */
function declareBounds(bounds: Bounds, run: CountedRun, declare: typeof testLane): void {
  let counted: Promise<StepCounts> | undefined;
  const count = (): Promise<StepCounts> => (counted ??= countStep(run));

  for (const side of ['server', 'workers'] as const) {
    for (const [what, bound, why] of bounds[side]) {
      declare(`${side}: ${what}, ${bound}: ${why}`, async () => {
        const counts = await count();
        expect(counts[side][what] ?? 0).toBe(bound);
      });
    }
    declare(`${side}: nothing else`, async () => {
      const counts = await count();
      const known = bounds[side].map(([what]) => what);
      expect(Object.keys(counts[side]).filter((what) => !known.includes(what))).toEqual([]);
    });
  }
  declare('leaves no socket behind', async () => {
    await count();
    expect(readdirSync(folder)).toEqual([]);
  });
}
