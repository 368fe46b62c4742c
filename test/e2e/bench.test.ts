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
  };
  expect(result.contestants.map(({ name }) => name)).toEqual(['paceline']);
  const [ours] = result.contestants;
  expect(ours?.msPerStep.median).toBeGreaterThan(0.01);
  expect(ours?.examplesPerSecond).toBeCloseTo(8000 / (ours?.msPerStep.median ?? 0), 6);
  expect(Object.keys(ours?.cpuMsPerStep ?? {}).sort()).toEqual(['server', 'w1', 'w2']);
  expect(scratch.leftovers()).toEqual([]);
});

test('a model that is not on the board is one clear error', async () => {
  using scratch = openScratch();
  const { exitCode, errors } = await runPaceline(scratch, ['bench', 'mpl']);
  expect(exitCode).toBe(2);
  expect(errors).toMatch(
    /'mpl' is invalid for argument 'NAME'\. Allowed choices are mlp, cnn, wide, tiny/,
  );
});
