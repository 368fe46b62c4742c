import { expect, test } from 'vitest';

import { runPaceline } from '../support/paceline.ts';
import { openScratch } from '../support/scratch.ts';

test('paceline bench measures a model, says so as JSON, and leaves nothing behind', async () => {
  using scratch = openScratch();
  const args = ['bench', 'tiny', '--rounds', '1', '--no-peers', '--json'];
  const { exitCode, output } = await runPaceline(scratch, args);
  expect(exitCode).toBe(0);
  const result = JSON.parse(output) as {
    readonly contestants: readonly {
      readonly name: string;
      readonly msPerStep: { readonly median: number };
      readonly examplesPerSecond: number;
      readonly cpuMsPerStep: object;
    }[];
    readonly phases: Readonly<Record<string, number>>;
    readonly bytesPerStep: number;
    readonly rows: readonly { readonly goal: { readonly kind: string } }[];
  };
  expect(result.contestants.map(({ name }) => name)).toEqual(['paceline']);
  const [ours] = result.contestants;
  expect(ours?.msPerStep.median).toBeGreaterThan(0.01);
  expect(ours?.examplesPerSecond).toBeCloseTo(8000 / (ours?.msPerStep.median ?? 0), 6);
  expect(Object.keys(ours?.cpuMsPerStep ?? {}).sort()).toEqual(['server', 'w1', 'w2']);
  // All phases of a step took some time; those of a worker's compute thread are its step.
  expect(Object.keys(result.phases)).toHaveLength(9);
  expect(Math.min(...Object.values(result.phases))).toBeGreaterThan(0);
  expect(result.bytesPerStep).toBeGreaterThan(2 * 2 * 9 * 4);
  // Without peers there is what needs none.
  expect(result.rows.map(({ goal }) => goal.kind)).toEqual(['bytes']);
  expect(scratch.leftovers()).toEqual([]);
});

test('a model that is not on the board is one clear error', async () => {
  using scratch = openScratch();
  const { exitCode, errors } = await runPaceline(scratch, ['bench', 'mpl']);
  expect(exitCode).toBe(2);
  expect(errors).toMatch(
    /'mpl' is invalid for argument 'NAME'\. Allowed choices are mlp, cnn, wide, tiny, start, join/,
  );
});
